import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rest, type TestSession, TestStore } from '../support/test-session.js';
import { lineOf, Told } from '../support/told.js';

// An event that does not come is waited for in vain.
vi.setConfig({ testTimeout: 5_000 });

let store: TestStore;
let ada: TestSession;
let ben: TestSession;

beforeEach(async () => {
  store = new TestStore();
  ada = await store.session('ada');
  ben = await store.session('ben');
});

afterEach(() => store.close());

const watch = (session: TestSession, group = 'g', signal?: AbortSignal): Told =>
  new Told(session.observatory.events(group, signal ? { signal } : {}));

const reads = (session: TestSession): number =>
  session.faults.calls.filter((call) => call === 'readGroups').length;

/** Time for the next poll, and what it brings. */
async function poll(): Promise<void> {
  await store.clock.advanceAsync(ada.session.options.pollMs);
  await rest();
}

describe('members', () => {
  test('are told from a snapshot on, as they come and go', async () => {
    await ben.groups.joinGroupCreate('g');
    const told = watch(ada);
    expect(await told.lines(1)).toEqual(['snapshot [ben] nobody']);
    await ada.groups.joinGroup('g');
    expect(await told.lines(1)).toEqual(['joined ada']);
    await ben.groups.leaveGroup('g');
    expect(await told.lines(1)).toEqual(['left ben']);
    await ada.groups.leaveGroup('g');
    expect(await told.take(1)).toEqual([
      { type: 'left', groupId: 'g', memberId: 'ada', at: store.clock.now() },
    ]);
  });

  test('of a group that is created later, deleted, and created again', async () => {
    const told = watch(ada);
    expect(await told.lines(1)).toEqual(['snapshot [] nobody']);
    await ben.groups.joinGroupCreate('g');
    expect(await told.lines(1)).toEqual(['joined ben']);
    await ben.evict('g');
    await ben.driver.deleteGroup('g');
    expect(await told.lines(1)).toEqual(['left ben']);
    await ben.driver.join({ group: 'g', member: 'ben', capabilities: new Uint8Array(), create: true });
    expect(await told.lines(1)).toEqual(['joined ben']);
  });

  test('that fall silent have left by the next poll (A38)', async () => {
    await ben.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    await store.clock.advanceAsync(ben.session.options.membershipTtlMs + ada.session.options.pollMs);
    expect(await told.lines(1)).toEqual(['left ben']);
  });

  test('that left and joined between two readings have done both', async () => {
    await ben.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    ada.hears = false;
    await ben.groups.leaveGroup('g');
    await ben.groups.joinGroup('g');
    await poll();
    expect(await told.lines(2)).toEqual(['left ben', 'joined ben']);
  });
});

describe('this member', () => {
  const remove = async (): Promise<void> => {
    await ada.evict('g');
  };

  test('is told as evicted when somebody removes it, and as joined when it is back (B23)', async () => {
    await ada.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    await remove();
    expect(await told.lines(1)).toEqual(['evicted ada']);
    expect(ada.evictions).toMatchObject([{ group: 'g' }]);
    await ada.groups.joinGroup('g');
    expect(await told.lines(1)).toEqual(['joined ada']);
  });

  test('is told so once, whether the beat or a reading finds it out', async () => {
    await ada.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    ada.hears = false;
    await remove();
    await ada.beat();
    await poll();
    await ben.groups.joinGroup('g');
    await poll();
    expect(await told.lines(2)).toEqual(['evicted ada', 'joined ben']);
  });

  test('has joined first, also when that was never read', async () => {
    await ada.groups.createGroup('g');
    const told = watch(ada);
    await told.take(1);
    ada.hears = false;
    await ada.groups.joinGroup('g');
    await remove();
    await ada.beat();
    expect(await told.lines(2)).toEqual(['joined ada', 'evicted ada']);
  });

  test('has left and joined before, when its rejoin was never read', async () => {
    await ada.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    ada.hears = false;
    await ada.groups.leaveGroup('g');
    await ada.groups.joinGroup('g');
    await remove();
    await ada.beat();
    expect(await told.lines(3)).toEqual(['left ada', 'joined ada', 'evicted ada']);
  });

  test('leaves when it leaves by itself, even if that is read before it is answered', async () => {
    await ada.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    const { arrived, release } = ada.faults.hold('leave');
    const leaving = ada.groups.leaveGroup('g');
    await arrived;
    expect(await told.lines(1)).toEqual(['left ada']);
    release();
    await leaving;
    expect(ada.evictions).toEqual([]);
  });

  test('is not brought back by a reading that is older than its eviction', async () => {
    await ada.groups.joinGroupCreate('g');
    const told = watch(ada);
    await told.take(1);
    const { arrived, release } = ada.faults.hold('readGroups');
    ada.observatory.hinted('g');
    await arrived;
    await remove();
    await ada.beat();
    release();
    await ben.groups.joinGroup('g');
    expect(await told.lines(2)).toEqual(['evicted ada', 'joined ben']);
  });
});

describe('leaders', () => {
  beforeEach(() => ben.groups.createGroup('g'));

  test('are told with their terms, and in the snapshot', async () => {
    const told = watch(ada);
    await told.take(1);
    const term = await ben.elect('g');
    const at = store.clock.now();
    const base = { groupId: 'g', memberId: 'ben', term: term?.term, at };
    expect(await told.take(1)).toEqual([{ type: 'elected', ...base }]);
    expect(await watch(ada).take(1)).toEqual([
      { type: 'snapshot', groupId: 'g', members: [], leader: 'ben', term: term?.term, at },
    ]);
    await term?.resign();
    expect(await told.take(1)).toEqual([{ type: 'resigned', ...base }]);
  });

  test('who are this coordinator begin and end by its own word (B18)', async () => {
    const told = watch(ada);
    await told.take(1);
    const term = (await ada.elect('g'))?.term ?? 0n;
    ada.observatory.ownTerm('g', { type: 'elected', term });
    expect(await told.lines(1)).toEqual(['elected ada']);
    await poll();
    ada.observatory.ownTerm('g', { type: 'resigned', term, settled: false });
    await poll();
    await ben.groups.joinGroup('g');
    expect(await told.lines(2)).toEqual(['resigned ada unsettled', 'joined ben']);
  });

  test('who are broken have lost before the successor is told (B20)', async () => {
    const told = watch(ada);
    await told.take(1);
    const term = (await ada.elect('g'))?.term ?? 0n;
    ada.observatory.ownTerm('g', { type: 'elected', term });
    await ben.driver.revoke({ kind: 'leader', id: 'g', text: true }, 'break');
    await ben.elect('g');
    expect(await told.lines(3)).toEqual(['elected ada', 'lost ada', 'elected ben']);
    expect(await watch(ada).lines(1)).toEqual(['snapshot [] ben']);
    ada.observatory.ownTerm('g', { type: 'lost', term });
    await ben.groups.joinGroup('g');
    expect(await told.lines(1)).toEqual(['joined ben']);
  });

  test('who are this coordinator are known to a view that comes later', async () => {
    ada.observatory.ownTerm('g', { type: 'elected', term: 5n });
    expect(await watch(ada).lines(1)).toEqual(['snapshot [] ada']);
    ada.observatory.ownTerm('g', { type: 'lost', term: 5n });
    expect(await watch(ada).lines(1)).toEqual(['snapshot [] nobody']);
  });

  test('whose loss was told are not said to lead to who comes next', async () => {
    const aborter = new AbortController();
    const told = watch(ada, 'g', aborter.signal);
    await told.take(1);
    const term = (await ada.elect('g'))?.term ?? 0n;
    ada.observatory.ownTerm('g', { type: 'elected', term });
    await ben.driver.revoke({ kind: 'leader', id: 'g', text: true }, 'break');
    const successor = await ben.elect('g');
    expect(await told.lines(3)).toEqual(['elected ada', 'lost ada', 'elected ben']);
    await successor?.resign();
    expect(await told.lines(1)).toEqual(['resigned ben']);
    aborter.abort();
    await told.ended;
    expect(await watch(ada).lines(1)).toEqual(['snapshot [] nobody']);
  });

  test('of groups that nobody watches are nobody’s events', async () => {
    ada.observatory.ownTerm('h', { type: 'elected', term: 5n });
    ada.observatory.ownTerm('h', { type: 'resigned', term: 5n, settled: true });
    expect(await watch(ada, 'h').lines(1)).toEqual(['snapshot [] nobody']);
  });
});

describe('readings', () => {
  test('are one for all groups, and one at a time with one waiting', async () => {
    const told = [watch(ada), watch(ada), watch(ada, 'h')];
    for (const one of told) await one.take(1);
    const before = reads(ada);
    const { arrived, release } = ada.faults.hold('readGroups');
    ada.observatory.hinted('g');
    await arrived;
    for (let n = 0; n < 5; n++) {
      ada.observatory.hinted('g');
      ada.observatory.hinted('h');
    }
    release();
    await rest();
    expect(reads(ada) - before).toBe(2);
  });

  test('come with every poll, also while hints come not at all (B17)', async () => {
    const told = watch(ada);
    await told.take(1);
    ada.hears = false;
    await ben.groups.joinGroupCreate('g');
    await rest();
    expect(told.events).toEqual([]);
    await poll();
    expect(await told.lines(1)).toEqual(['joined ben']);
  });

  test('come after a reset, of all groups', async () => {
    const [one, two] = [watch(ada), watch(ada, 'h')];
    await one.take(1);
    await two.take(1);
    ada.hears = false;
    await ben.groups.joinGroupCreate('g');
    await ben.groups.joinGroupCreate('h');
    await rest();
    const before = reads(ada);
    ada.observatory.reset();
    expect(await one.lines(1)).toEqual(['joined ben']);
    expect(await two.lines(1)).toEqual(['joined ben']);
    expect(reads(ada) - before).toBe(1);
  });

  test('that fail are no end: the gap is told as one difference (B17, B21)', async () => {
    await ben.groups.joinGroupCreate('g');
    const cleo = await store.session('cleo');
    const told = watch(ada);
    await told.take(1);
    ada.faults.loseReplies.add('readGroups');
    await cleo.groups.joinGroup('g');
    await ben.groups.leaveGroup('g');
    await cleo.groups.leaveGroup('g');
    await cleo.groups.joinGroup('g');
    await ben.groups.joinGroup('g');
    await poll();
    expect(told.events).toEqual([]);
    ada.faults.loseReplies.clear();
    await poll();
    expect(new Set(await told.lines(3))).toEqual(new Set(['left ben', 'joined cleo', 'joined ben']));
  });

  test('that fail are reported once a minute', async () => {
    const told = watch(ada);
    await told.take(1);
    ada.faults.loseRequests.add('readGroups');
    for (let n = 0; n < 30; n++) await poll();
    expect(ada.warnings).toHaveLength(1);
    for (let n = 0; n < 31; n++) await poll();
    expect(ada.warnings).toHaveLength(2);
  });

  test('begin though hints cannot be had, and hints come when they can', async () => {
    ada.faults.loseRequests.add('listen');
    const told = watch(ada);
    expect(await told.lines(1)).toEqual(['snapshot [] nobody']);
    await poll();
    ada.faults.loseRequests.clear();
    await poll();
    await ben.groups.joinGroupCreate('g');
    expect(await told.lines(1)).toEqual(['joined ben']);
    const listens = ada.faults.calls.filter((call) => call === 'listen').length;
    await poll();
    expect(ada.faults.calls.filter((call) => call === 'listen')).toHaveLength(listens);
  });

  test('give the first snapshot when the store comes back', async () => {
    ada.faults.loseRequests.add('readGroups').add('listen');
    await ben.groups.joinGroupCreate('g');
    const told = watch(ada);
    await poll();
    expect(told.events).toEqual([]);
    ada.faults.loseRequests.clear();
    await poll();
    expect(await told.lines(1)).toEqual(['snapshot [ben] nobody']);
  });
});

describe('a reader', () => {
  test('who stops leaves no timer and no subscription behind; another goes on', async () => {
    const aborter = new AbortController();
    const [one, two] = [watch(ada, 'g', aborter.signal), watch(ada)];
    await one.take(1);
    await two.take(1);
    expect(store.clock.timers).toBe(1);
    aborter.abort();
    await one.ended;
    await ben.groups.joinGroupCreate('g');
    expect(await two.lines(1)).toEqual(['joined ben']);
    await ada.close();
    await two.ended;
    expect(store.clock.timers).toBe(0);
    expect(one.events).toEqual([]);
  });

  test('who leaves its loop is the last: nothing is read any more, and the next one begins anew', async () => {
    for await (const event of ada.observatory.events('g')) {
      expect(lineOf(event)).toBe('snapshot [] nobody');
      break;
    }
    await rest();
    expect(store.clock.timers).toBe(0);
    const before = reads(ada);
    await ben.groups.joinGroupCreate('g');
    await rest();
    expect(reads(ada)).toBe(before);
    expect(await watch(ada).lines(1)).toEqual(['snapshot [ben] nobody']);
  });

  test('who is slow gets an overflow and the state, and goes on from there', async () => {
    const events = ada.observatory.events('g')[Symbol.asyncIterator]();
    const lines: string[] = [];
    const next = async (): Promise<void> => {
      const { value } = await events.next();
      if (value) lines.push(lineOf(value));
    };
    await next();
    ada.observatory.ownTerm('g', { type: 'elected', term: 1n });
    for (let term = 1n; term <= 600n; term++) {
      ada.observatory.ownTerm('g', { type: 'lost', term });
      ada.observatory.ownTerm('g', { type: 'elected', term: term + 1n });
    }
    for (let n = 0; n < 1_002; n++) await next();
    expect(lines.slice(-3)).toEqual(['lost ada', 'overflow 201', 'snapshot [] ada']);
    ada.observatory.ownTerm('g', { type: 'lost', term: 601n });
    await next();
    expect(lines.at(-1)).toBe('lost ada');
    await events.return?.();
  });

  test('is told of the last events before the coordinator has stopped, and one that comes later of nothing', async () => {
    const events = ada.observatory.events('g')[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ done: false });
    ada.observatory.ownTerm('g', { type: 'elected', term: 5n });
    ada.observatory.ownTerm('g', { type: 'resigned', term: 5n, settled: true });
    await ada.close();
    expect((await events.next()).value).toMatchObject({ type: 'elected' });
    expect((await events.next()).value).toMatchObject({ type: 'resigned' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    const late = watch(ada);
    await late.ended;
    expect(late.events).toEqual([]);
    expect(store.clock.timers).toBe(0);
  });

  test('gives an id that can be one', () => {
    expect(() => ada.observatory.events('')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
