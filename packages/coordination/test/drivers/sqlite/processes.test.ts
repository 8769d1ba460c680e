import { readFile, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import type { Hint } from '../../../src/driver/index.js';
import { LOCK, leaderOf } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';
import { Process } from './support/processes.js';

let file: TestFile;

beforeEach(async () => {
  file = await testFile();
});

test('4 processes count under one lock: nothing is lost, fences increase, nobody starves', async () => {
  const counter = `${file.path}.counter`;
  await writeFile(counter, '0');
  const ids = ['p', 'q', 'r', 's'];
  const all = ids.map((id) => new Process({ path: file.path, id, do: 'count', counter }));
  await Promise.all(all.map((one) => one.said('ready')));
  for (const one of all) one.tell('go');
  await Promise.race(all.map((one) => one.said('counted', 50)));
  for (const one of all) one.tell('stop');
  await Promise.all(all.map((one) => one.ended()));
  const counted = all.map((one) => one.heard('counted'));
  const counts = counted.map((words) => words.length);
  expect(Number(await readFile(counter, 'utf8'))).toBe(counts.reduce((sum, count) => sum + count, 0));
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(Math.max(...counts) / 4);
  const fences = counted.flat().map(({ fence }) => fence);
  expect(new Set(fences).size).toBe(fences.length);
  for (const words of counted)
    expect(words.every(({ fence }, i) => i === 0 || fence > (words[i - 1]?.fence ?? Infinity))).toBe(true);
});

test('kill -9 of a holder frees its lock when the lease ends, and not before', async () => {
  const holder = new Process({ path: file.path, id: 'dead', do: 'hold', ttlMs: 20_000 });
  const [held] = await holder.said('held');
  const turns: Hint[] = [];
  const a = await file.client('a', { clock: systemClock, onHint: (hint) => turns.push(hint) });
  await holder.kill();
  const before = await a.driver.inspect(LOCK);
  expect(before.holders).toMatchObject([{ memberId: 'dead' }]);
  const reply = await a.acquire(1);
  const left = reply.status === 'queued' ? (reply.retryAfterMs ?? 0) : 0;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(20_000);
  // A file that is closed may be looked at with another clock: time passes for whoever opens it later.
  const later = { ...systemClock, monotonic: () => systemClock.monotonic() + left };
  const b = await file.client('a', { clock: later });
  const fence = await b.granted(1);
  expect(held?.reply).toMatchObject({ status: 'granted' });
  expect(fence).toBeGreaterThan(held?.reply.status === 'granted' ? held.reply.fence : Infinity);
});

describe('what one process does, another hears of', () => {
  test('its turn, the groups that it asked for, and nothing else', async () => {
    const a = await file.client('a', { clock: systemClock });
    await a.granted(1, { ttlMs: 60_000 });
    const other = new Process({ path: file.path, id: 'b', do: 'listen', wait: true });
    await other.said('listening');
    await a.join('unheard');
    await a.granted(2, { lock: leaderOf('unheard') });
    await a.release(1);
    const [first] = await other.said('hint');
    expect(first).toMatchObject({ hint: { type: 'turn', token: 'b.1' } });
    await a.join('g');
    await other.said('hint', 2);
    await a.driver.leave({ groups: ['g'], member: 'a', final: true });
    const hints = await other.said('hint', 3);
    expect(hints.map(({ hint }) => hint.type)).toEqual(['turn', 'group', 'group']);
  });

  test('and a listener here of one there, once', async () => {
    const heard: Hint[] = [];
    let hear = (): void => {};
    const a = await file.client('a', {
      clock: systemClock,
      onHint: (hint) => {
        heard.push(hint);
        hear();
      },
    });
    await a.granted(1, { ttlMs: 60_000 });
    const held = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const other = new Process({ path: file.path, id: 'b', do: 'hold', ttlMs: 1_000 });
    await other.said('ready');
    const b = await file.client('c', { clock: systemClock });
    await b.driver.revoke(LOCK, 'ask');
    await held;
    expect(heard).toEqual([{ type: 'holder', token: 'a.1' }]);
    await a.release(1);
    await other.said('held');
    expect(heard).toEqual([{ type: 'holder', token: 'a.1' }]);
  });
});
