import { describe, expect, test } from 'vitest';
import { PARTS } from './support/deployment.js';
import { collect, follow } from './support/follow.js';
import { World } from './support/world.js';

describe.each(['456', 'own'] as const)('a switch that the router tells by %s', (refusal) => {
  test('without a word before it: the refused call is sent again to the other side', async () => {
    const world = await World.start({ refusal });
    const { exports, manager } = follow(world);
    const first = await exports.startJob({ name: 'a' });
    expect(first.from).toBe('blue');
    world.switchAtOnce();
    expect((await exports.startJob({ name: 'b' })).from).toBe('green');
    expect(world.starts('b')).toBe(1);
    expect(manager.getActiveStrategy()).toBe('green');
    expect(manager.metrics().mismatches.blue).toBeGreaterThanOrEqual(1);
  });

  test('announced: what is begun goes there at once, what was begun stays', async () => {
    const world = await World.start({ refusal });
    const { exports, manager } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    const switched = new Promise((resolve) => manager.on('switched', resolve));
    world.announce();
    await exports.jobStatus({ jobId });
    await switched;
    world.drain();
    expect((await exports.startJob({ name: 'b' })).from).toBe('green');
    expect(await exports.jobStatus({ jobId })).toMatchObject({ from: 'blue', name: 'a' });
    expect(await collect(exports.download({ jobId }))).toHaveLength(PARTS);
    const drained = new Promise((resolve) => manager.on('drained', resolve));
    await exports.closeJob({ jobId });
    expect(await drained).toMatchObject({ strategy: 'blue' });
    expect(manager.metrics().mismatches).toEqual({ blue: 0, green: 0 });
    expect([world.sides.blue.logins, world.sides.green.logins]).toEqual([1, 1]);
  });

  test('announced before it is accepted: calls go on where they are', async () => {
    const world = await World.start({ refusal });
    const { exports, manager } = follow(world);
    world.acceptsEarly = false;
    await exports.startJob({ name: 'a' });
    world.announce();
    for (let n = 0; n < 20; n++) expect((await exports.startJob({ name: `b${n}` })).from).toBe('blue');
    world.drain();
    expect((await exports.startJob({ name: 'c' })).from).toBe('green');
    expect(manager.metrics().switches).toBe(1);
  });
});

test('switching back in the middle of a drain finds the jobs of both sides', async () => {
  const world = await World.start();
  const { exports } = follow(world);
  const blue = await exports.startJob({ name: 'on blue' });
  world.drain();
  const green = await exports.startJob({ name: 'on green' });
  world.drain();
  expect((await exports.startJob({ name: 'back' })).from).toBe('blue');
  expect(await exports.jobStatus(blue)).toMatchObject({ from: 'blue', name: 'on blue' });
  expect(await exports.jobStatus(green)).toMatchObject({ from: 'green', name: 'on green' });
});

test('a first call finds the active side, whichever it is', async () => {
  const world = await World.start();
  world.active = 'green';
  const { exports } = follow(world);
  expect((await exports.startJob({ name: 'a' })).from).toBe('green');
});

test('two clients of one manager share what they find out, and the pins of their service', async () => {
  const world = await World.start();
  const { exports: one, manager } = follow(world);
  const { exports: two } = follow(world, { manager });
  const job = await one.startJob({ name: 'a' });
  world.drain();
  expect((await two.startJob({ name: 'b' })).from).toBe('green');
  expect((await one.startJob({ name: 'c' })).from).toBe('green');
  // The other client has no session there, and gets none while the side only ends what was begun.
  await expect(two.jobStatus(job)).rejects.toMatchObject({ code: 'DEPLOYMENT_GONE' });
  expect(await one.jobStatus(job)).toMatchObject({ from: 'blue' });
});

test('every call carries the strategy under the name that was asked for', async () => {
  const world = await World.start();
  const { exports } = follow(world, { header: 'X-Side' });
  await expect(exports.startJob({ name: 'a' })).rejects.toMatchObject({ code: 'STRATEGY_DETECTION' });
  expect(new Set(world.seen)).toEqual(new Set(['Login@undefined']));
});

test('neither side takes calls: StrategyDetectionError after maxRetryAttempts', async () => {
  const world = await World.start({ hasSessions: false });
  const { exports } = follow(world, { maxRetryAttempts: 3 });
  world.fault('StartJob', ...Array.from({ length: 9 }, () => () => ({ kind: 'http', status: 456 }) as const));
  await expect(exports.startJob({ name: 'a' })).rejects.toMatchObject({
    code: 'STRATEGY_DETECTION',
    attempts: 3,
    retryable: true,
  });
  expect(world.starts('a')).toBe(0);
});
