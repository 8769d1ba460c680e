import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coordinator } from '../../src/coordinator.js';
import { ConnectionError } from '../../src/errors.js';
import { deferred } from './deferred.js';
import { requestLost } from './script.js';
import { type Player, Stage } from './stage.js';

const OPTIONS = { lockTtlMs: 9_000, membershipTtlMs: 9_000 } as const;
const NOT_STARTED = expect.objectContaining({ code: 'NOT_STARTED' });

let stage: Stage;
let a: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
});
afterEach(() => stage.close());

const everything = (c: Coordinator): [string, () => unknown][] => [
  ['stop', () => c.stop()],
  ['heartbeat', () => c.heartbeat()],
  ['createGroup', () => c.createGroup('g')],
  ['deleteGroup', () => c.deleteGroup('g')],
  ['getGroups', () => c.getGroups()],
  ['joinGroup', () => c.joinGroup('g')],
  ['joinGroupCreate', () => c.joinGroupCreate('g')],
  ['leaveGroup', () => c.leaveGroup('g')],
  ['getMembers', () => c.getMembers('g')],
  ['getMembersWithCapabilities', () => c.getMembersWithCapabilities('g')],
  ['getMemberCapabilities', () => c.getMemberCapabilities('g', 'a')],
  ['getMemberInfo', () => c.getMemberInfo('g', 'a')],
  ['updateCapabilities', () => c.updateCapabilities('g', null)],
  ['watchJoinGroup', () => c.watchJoinGroup('g', () => {})],
  ['watchLeaveGroup', () => c.watchLeaveGroup('g', () => {})],
  ['runWatchers', () => c.runWatchers()],
  ['runElectCoordinator', () => c.runElectCoordinator()],
  ['getLeader', () => c.getLeader('g')],
  ['standDownGroupLeader', () => c.standDownGroupLeader('g')],
  ['requestStandDown', () => c.requestStandDown('g')],
  ['lead', () => c.lead('g', async () => {})],
  ['inspectLock', () => c.inspectLock('l')],
  ['events', async () => c.events('g')],
  ['acquire', () => c.getLock('l').acquire()],
  ['hold', () => c.getLock('l').hold()],
  ['break', async () => c.getLock('l').break()],
];

describe('a coordinator', () => {
  it('that is not started, or stopped, does nothing but say so', async () => {
    const idle = stage.idle('b', OPTIONS);
    await stage.now(a.coordinator.stop());
    a.script.calls.length = 0;
    for (const { coordinator, script } of [idle, a]) {
      for (const [name, call] of everything(coordinator))
        await expect(call(), name).rejects.toEqual(NOT_STARTED);
      expect(script.calls).toEqual([]);
    }
  });

  it('is started once', async () => {
    const already = expect.objectContaining({ code: 'ALREADY_STARTED' });
    await expect(a.coordinator.start()).rejects.toEqual(already);
    const { coordinator } = stage.idle('b', OPTIONS);
    const starting = coordinator.start({ heart: false });
    await expect(coordinator.start()).rejects.toEqual(already);
    await starting;
    expect(coordinator.isStarted).toBe(true);
  });

  it('is stopped once', async () => {
    const stopping = a.coordinator.stop();
    await expect(a.coordinator.stop()).rejects.toEqual(NOT_STARTED);
    await expect(a.coordinator.start()).rejects.toEqual(expect.objectContaining({ code: 'ALREADY_STARTED' }));
    await stage.now(stopping);
    expect(a.coordinator.isStarted).toBe(false);
  });

  it('starts again, with a heart unless told otherwise', async () => {
    await stage.now(a.coordinator.stop());
    await a.coordinator.start();
    expect([a.coordinator.isStarted, a.coordinator.heart.isAlive]).toEqual([true, true]);
    await a.coordinator.joinGroupCreate('g');
    await stage.pass(30_000);
    expect(await a.coordinator.getMembers('g')).toEqual(new Set(['a']));
    await stage.now(a.coordinator.stop());
    expect([a.coordinator.heart.isAlive, stage.clock.timers]).toEqual([false, 0]);
  });

  it('has no heart of its own where nothing has to beat', async () => {
    const { script } = stage.idle('b', OPTIONS);
    const { coordinator } = stage.idle('c', {
      ...OPTIONS,
      driver: { ...script.driver, requiresBeating: false },
    });
    await coordinator.start();
    expect(coordinator.heart.isAlive).toBe(false);
  });

  it('whose driver cannot open leaves nothing behind, and can be started when it can', async () => {
    const { coordinator, script } = stage.idle('b', OPTIONS);
    script.next('open', requestLost);
    await expect(coordinator.start()).rejects.toBeInstanceOf(ConnectionError);
    expect([coordinator.isStarted, coordinator.heart.isAlive, stage.clock.timers]).toEqual([false, false, 0]);
    await expect(coordinator.stop()).rejects.toEqual(NOT_STARTED);
    await coordinator.start({ heart: false });
    expect(await coordinator.getGroups()).toEqual([]);
  });

  it('ends with its scope', async () => {
    const { coordinator } = stage.idle('b', OPTIONS);
    {
      await using scope = coordinator;
      await scope.start();
      await scope.joinGroupCreate('g');
      expect(await a.coordinator.getMembers('g')).toEqual(new Set(['b']));
    }
    expect(coordinator.isStarted).toBe(false);
    expect(await a.coordinator.getMembers('g')).toEqual(new Set());
    await coordinator[Symbol.asyncDispose]();
  });

  it('has stopped when its scope has ended, though somebody else stops it', async () => {
    const { coordinator, script } = stage.idle('b', OPTIONS);
    let stopping = Promise.resolve();
    const held = script.hold('close');
    const scope = async (): Promise<void> => {
      await using one = coordinator;
      await one.start({ heart: false });
      stopping = one.stop();
    };
    const ended = scope();
    expect(await stage.isPending(ended)).toBe(true);
    held.release();
    await stage.now(Promise.all([ended, stopping]));
  });

  it('leaves its groups and frees its locks when it stops', async () => {
    const b = await stage.player('b', OPTIONS);
    for (const group of ['g', 'h']) await b.coordinator.joinGroupCreate(group);
    await b.coordinator.getLock('l').acquire();
    await stage.now(b.coordinator.stop());
    for (const group of ['g', 'h']) expect(await a.coordinator.getMembers(group)).toEqual(new Set());
    expect((await a.coordinator.inspectLock('l')).mode).toBe(null);
    expect(b.script.count('leave'), 'in one call').toBe(1);
  });

  it('stops though the store is gone', async () => {
    const b = await stage.player('b', OPTIONS);
    await b.coordinator.joinGroupCreate('g');
    await b.coordinator.getLock('l').acquire();
    for (const method of ['leave', 'release', 'beat'] as const) b.script.always(method, requestLost);
    await stage.within(1_000, b.coordinator.stop());
    expect([b.coordinator.isStarted, b.script.count('close')]).toEqual([false, 1]);
    expect(b.complaints.length).toBeGreaterThan(0);
  });

  it('stops while calls are under way, which end with it', async () => {
    const b = await stage.player('b', OPTIONS);
    await a.coordinator.getLock('l').acquire();
    const gate = deferred();
    b.script.next('listGroups', async (send) => {
      await gate.promise;
      return send();
    });
    const groups = b.coordinator.getGroups().catch((error: unknown) => error);
    const waiting = b.coordinator
      .getLock('l')
      .acquire()
      .catch((error: unknown) => error);
    await stage.rest();
    await stage.now(b.coordinator.stop());
    gate.resolve();
    expect([await groups, await waiting]).toEqual([NOT_STARTED, NOT_STARTED]);
    expect((await a.coordinator.inspectLock('l')).queue).toEqual([]);
  });

  it('obeys the bounds that a call gives it, and sends nothing for one that is over', async () => {
    const reason = new Error('enough');
    await expect(a.coordinator.getGroups({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(a.coordinator.getGroups({ timeoutMs: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(a.script.calls).toEqual([]);
    a.script.always('listGroups', a.script.hangs);
    const late = stage.within(200, a.coordinator.getGroups({ timeoutMs: 200 }));
    await expect(late).rejects.toMatchObject({ code: 'TIMED_OUT', retryable: true, timeoutMs: 200 });
    const abort = new AbortController();
    const aborted = a.coordinator.getGroups({ signal: abort.signal });
    abort.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(stage.clock.timers).toBe(0);
  });
});
