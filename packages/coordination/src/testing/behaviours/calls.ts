import assert from 'node:assert/strict';
import { CHARACTERISTICS } from '../../characteristics.js';
import type { Driver } from '../../driver/index.js';
import { DriverChosenPoorly, OperationTimedOut } from '../../errors.js';
import type { CallOptions, Coordinator } from '../../index.js';
import { fails } from '../fails.js';
import { faulty } from '../faulty.js';
import { gate } from '../gate.js';
import type { Cases } from '../trial.js';
import { soon } from '../until.js';

type Call = (a: Coordinator, o: CallOptions) => Promise<unknown>;

/** Every call that goes to the store once, on a group that was joined and a lock that is held. */
const CALLS: Readonly<Record<string, Call>> = {
  heartbeat: (a, o) => a.heartbeat(o),
  createGroup: (a, o) => a.createGroup('h', o),
  deleteGroup: (a, o) => a.deleteGroup('g', o),
  getGroups: (a, o) => a.getGroups(o),
  joinGroup: (a, o) => a.joinGroup('g', null, o),
  joinGroupCreate: (a, o) => a.joinGroupCreate('h', null, o),
  getMembers: (a, o) => a.getMembers('g', o),
  getMembersWithCapabilities: (a, o) => a.getMembersWithCapabilities('g', o),
  getMemberCapabilities: (a, o) => a.getMemberCapabilities('g', 'a', o),
  getMemberInfo: (a, o) => a.getMemberInfo('g', 'a', o),
  updateCapabilities: (a, o) => a.updateCapabilities('g', { n: 1 }, o),
  watchJoinGroup: (a, o) => a.watchJoinGroup('g', () => null, o),
  watchLeaveGroup: (a, o) => a.watchLeaveGroup('g', () => null, o),
  runWatchers: (a, o) => a.runWatchers(o),
  getLeader: (a, o) => a.getLeader('g', o),
  requestStandDown: (a, o) => a.requestStandDown('g', o),
  inspectLock: (a, o) => a.inspectLock('l', o),
  break: (a, o) => a.getLock('l').break(o),
  leaveGroup: (a, o) => a.leaveGroup('g', o),
};

/** What all calls have in common, and what is asked of a driver before it is used. */
export const calls: Cases = {
  'every call ends with its time or its signal, though the store does not answer': async (t) => {
    const store = gate();
    let silent = false;
    const late = async <T>(call: () => Promise<T>): Promise<T> => {
      if (silent) await store.passed;
      return call();
    };
    const driver = faulty(t.driver, (real) => ({
      createGroup: (group) => late(() => real.createGroup(group)),
      deleteGroup: (group) => late(() => real.deleteGroup(group)),
      listGroups: () => late(() => real.listGroups()),
      join: (request) => late(() => real.join(request)),
      leave: (request) => late(() => real.leave(request)),
      updateCapabilities: (...o: Parameters<Driver['updateCapabilities']>) =>
        late(() => real.updateCapabilities(...o)),
      readGroups: (request) => late(() => real.readGroups(request)),
      beat: (request) => late(() => real.beat(request)),
      revoke: (lock, how) => late(() => real.revoke(lock, how)),
      inspect: (lock) => late(() => real.inspect(lock)),
    }));
    const a = await t.coordinator('a', { driver, heart: false });
    await a.joinGroupCreate('g');
    silent = true;
    t.finally(async () => store.open());
    for (const [method, call] of Object.entries(CALLS)) {
      const error = await fails(call(a, { timeoutMs: 5 }), 'TIMED_OUT').catch((cause: unknown) =>
        assert.fail(`${method}: ${cause}`),
      );
      assert.ok(error instanceof OperationTimedOut && error.timeoutMs <= 5, method);
      const abort = new AbortController();
      const aborted = soon(method, call(a, { signal: abort.signal }));
      const reason = new Error(`no more ${method}`);
      abort.abort(reason);
      await assert.rejects(aborted, (thrown) => thrown === reason || assert.fail(`${method}: ${thrown}`));
    }
  },

  'a call whose signal has aborted does nothing': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.joinGroupCreate('g');
    const lock = b.getLock('l');
    await lock.acquire();
    const reason = new Error('enough');
    for (const [method, call] of Object.entries(CALLS))
      await assert.rejects(
        call(a, { signal: AbortSignal.abort(reason) }),
        (thrown) => thrown === reason,
        method,
      );
    assert.deepEqual(await b.getGroups(), ['g']);
    assert.deepEqual(await b.getMembersWithCapabilities('g'), new Map([['a', null]]));
    assert.equal(await lock.isStillOwner(), true);
  },

  'a driver is chosen by what it guarantees': async (t) => {
    const has = [...t.driver.characteristics];
    const lacks = CHARACTERISTICS.filter((one) => !t.driver.characteristics.has(one));
    const a = t.idle('a', { characteristics: has });
    assert.deepEqual([...a.characteristics], has);
    assert.equal(a.requiresBeating, t.driver.requiresBeating);
    for (const one of lacks)
      assert.throws(
        () => t.idle('b', { characteristics: [...has, one] }),
        (error) => error instanceof DriverChosenPoorly && error.missing.join() === one,
      );
  },
};
