import { status } from '@grpc/grpc-js';
import { describe, expect, test, vi } from 'vitest';
import { collect, follow, sessionHooks } from './support/follow.js';
import type { Verdict } from './support/router.js';
import { World } from './support/world.js';

const bare = (): Promise<World> => World.start({ hasSessions: false });
const at = (world: World, strategy: string): number =>
  world.seen.filter((call) => call === `StartJob@${strategy}`).length;
const refuse = (): Verdict => ({ kind: 'http', status: 456 });
const hang = (): Verdict => ({ kind: 'hang' });

describe('the first call after an announcement', () => {
  test('is the probe, and no call is sent for nothing', async () => {
    const world = await bare();
    const { exports, manager } = follow(world);
    await exports.startJob({ name: 'a' });
    world.announce();
    await exports.startJob({ name: 'hears of it' });
    expect((await exports.startJob({ name: 'proves it' })).from).toBe('green');
    expect(manager.getActiveStrategy()).toBe('green');
    expect(world.seen).toEqual(['StartJob@blue', 'StartJob@blue', 'StartJob@green']);
  });

  test('goes back to the target when it is refused, and the next probe waits', async () => {
    const world = await bare();
    const { exports, manager } = follow(world, { retryBaseMs: 60_000, retryMaxMs: 60_000 });
    world.acceptsEarly = false;
    world.announce();
    for (let n = 0; n < 10; n++) expect((await exports.startJob({ name: `${n}` })).from).toBe('blue');
    expect(at(world, 'green')).toBe(1);
    expect(manager.metrics()).toMatchObject({ retries: 0, mismatches: { green: 1 } });
  });

  test.each([
    ['has not the method', { kind: 'grpc', code: status.UNIMPLEMENTED, details: 'no such method' }],
    ['wants other credentials', { kind: 'http', status: 403 }],
  ] as const)('goes back to the target where the new side %s', async (_, verdict) => {
    const world = await bare();
    const { exports, manager } = follow(world);
    await exports.startJob({ name: 'a' });
    world.announce();
    await exports.startJob({ name: 'b' });
    world.fault('StartJob', () => verdict);
    expect((await exports.startJob({ name: 'c' })).from).toBe('blue');
    expect(manager.getActiveStrategy()).toBe('blue');
  });

  test('proves the new side also by an error of its own', async () => {
    const world = await bare();
    const { exports, manager } = follow(world);
    await exports.startJob({ name: 'a' });
    world.announce();
    await exports.startJob({ name: 'b' });
    await expect(exports.startJob({ name: '' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(manager.getActiveStrategy()).toBe('green');
  });

  test('is lost like any other; the next one probes', async () => {
    const world = await bare();
    const { exports } = follow(world);
    await exports.startJob({ name: 'a' });
    world.announce();
    await exports.startJob({ name: 'b' });
    world.fault('StartJob', () => ({ kind: 'reset' }));
    await expect(exports.startJob({ name: 'c' })).rejects.toMatchObject({ code: 'LOST_AFTER_SEND' });
    world.drain();
    expect((await exports.startJob({ name: 'd' })).from).toBe('green');
    expect(world.starts('c')).toBe(0);
  });
});

describe('calls that the target has refused', () => {
  test('wait for one of them, which probes', async () => {
    const world = await bare();
    const { exports } = follow(world);
    await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    world.fault('StartJob', refuse);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => exports.startJob({ name: `${n}` })),
    );
    expect(new Set(replies.map(({ from }) => from))).toEqual(new Set(['green']));
    // 20 that come through, and the one probe that was refused.
    expect(at(world, 'green')).toBe(21);
  });

  test('take over from a probe whose caller gives up, and count that for no failure of theirs', async () => {
    const world = await bare();
    const { exports, manager } = follow(world, { maxRetryAttempts: 2 });
    await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    world.fault('StartJob', hang);
    const caller = new AbortController();
    const probe = exports.startJob({ name: 'b' }, { signal: caller.signal });
    await vi.waitFor(() => expect(at(world, 'green')).toBe(1));
    const waiting = Array.from({ length: 5 }, (_, n) => exports.startJob({ name: `${n}` }));
    await vi.waitFor(() => expect(manager.metrics().mismatches.blue).toBe(6));
    expect(at(world, 'green')).toBe(1);
    caller.abort(new Error('enough'));
    await expect(probe).rejects.toThrow('enough');
    for (const { from } of await Promise.all(waiting)) expect(from).toBe('green');
  });

  test('do not wait for a stream that is silent, and a stream waits for nobody', async () => {
    const world = await bare();
    const { exports } = follow(world);
    await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    let speak = (): void => {};
    world.sides.green.silence = new Promise((resolve) => {
      speak = resolve;
    });
    const parts = collect(exports.watch({ parts: 3 }));
    await vi.waitFor(() => expect(world.seen).toContain('Watch@green'));
    const more = collect(exports.watch({ parts: 2 }));
    await vi.waitFor(() => expect(world.seen.filter((call) => call === 'Watch@green')).toHaveLength(2));
    expect((await exports.startJob({ name: 'b' })).from).toBe('green');
    speak();
    expect(await parts).toHaveLength(3);
    expect(await more).toHaveLength(2);
  });

  test('are told why when the other side refuses them for good', async () => {
    const world = await bare();
    const { exports } = follow(world);
    await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    world.fault('StartJob', () => ({ kind: 'http', status: 403 }));
    await expect(exports.startJob({ name: 'b' })).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    expect((await exports.startJob({ name: 'c' })).from).toBe('green');
  });
});

describe('clients with and without sessions on one manager', () => {
  test('whoever can probe without a call does it for both', async () => {
    const world = await bare();
    const { exports: plain, manager } = follow(world);
    const { exports: full } = follow(world, { manager, session: sessionHooks() });
    await plain.startJob({ name: 'a' });
    await full.startJob({ name: 'a' });
    world.announce();
    // Hears of it and has nothing to probe with but its next call, which never comes.
    await plain.startJob({ name: 'b' });
    expect(manager.getSharedStrategy().pendingStrategy).toBe('green');
    world.drain();
    expect((await full.startJob({ name: 'c' })).from).toBe('green');
  });

  test('one that closes leaves the candidate to the other', async () => {
    const world = await bare();
    const { exports: plain, manager } = follow(world);
    const { exports: full } = follow(world, {
      manager,
      session: { ...sessionHooks(), open: () => new Promise(() => {}) },
    });
    await plain.startJob({ name: 'a' });
    const stuck = full.startJob({ name: 'a' });
    world.switchAtOnce();
    const waiting = plain.startJob({ name: 'b' });
    await vi.waitFor(() => expect(manager.metrics().mismatches.blue).toBe(1));
    await full.close();
    await expect(stuck).rejects.toMatchObject({ code: 'CLOSED' });
    expect((await waiting).from).toBe('green');
  });
});
