import type { Colour } from '@holdfast/engine-mock';
import type { StrategyMetrics } from '@holdfast/strategy-client';
import { createWorkerThreadsSpace } from '@holdfast/strategy-client/stores/worker-threads';
import { describe, expect, test } from 'vitest';
import { redisServer } from '../src/coordination/backends.js';
import type { Line } from '../src/coordination/line.js';
import { soon, until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import type { ClientCalls, TestCalls } from '../src/strategy/client/protocol.js';
import { ClientProcess } from '../src/strategy/client-process.js';
import { ClientThread } from '../src/strategy/client-thread.js';
import { EngineProcess } from '../src/strategy/engine-process.js';

leavesNothingBehind();

const SWITCHES = 4;

/** A client in a process or a thread. */
interface Client {
  readonly name: string;
  readonly line: Line<TestCalls, ClientCalls>;
  close(): Promise<string[]>;
}

describe('one finds out, the others follow', () => {
  test('processes with a store in Redis', async () => {
    const engine = await EngineProcess.start();
    const { url } = await redisServer();
    await follow('processes', engine, (name, shares) =>
      ClientProcess.start({ name, port: engine.port, seed: 0, ...(shares && { redisUrl: url }) }),
    );
  });

  test('threads with a store in shared memory', async () => {
    const engine = await EngineProcess.start();
    const space = createWorkerThreadsSpace();
    await follow('threads', engine, (name, shares) =>
      ClientThread.start({ name, port: engine.port, seed: 0, ...(shares && { space }) }),
    );
  });
});

test('Redis goes away: each process goes on by itself, and says so once', async () => {
  const engine = await EngineProcess.start();
  const redis = await redisServer();
  const start = (name: string): Promise<ClientProcess> =>
    ClientProcess.start({ name, port: engine.port, seed: 0, redisUrl: redis.url });
  const clients = await Promise.all([start('a'), start('b')]);
  for (const { line } of clients) expect(await line.call('ask')).toBe('blue');
  await redis.kill();
  for (const to of ['green', 'blue'] as const) {
    await switchTo(engine, to, clients);
    for (const { line } of clients) expect(await line.call('ask')).toBe(to);
  }
  await until('all have said so', async () => (await warningsOf(clients)).every(({ length }) => length > 0));
  const warnings = await warningsOf(clients);
  reportLine(`strategy store away: ${warnings.flat().join('\n  ')}`);
  expect(warnings.map(({ length }) => length)).toEqual([1, 1]);
  expect((await Promise.all(clients.map((client) => client.close()))).flat()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});

/**
 * Of three clients one is at work during each switch, another one each time; the others are idle until the old colour
 * refuses everything, and yet meet no 456. A client without the store, as idle as they, does meet one each time.
 */
async function follow(
  what: string,
  engine: EngineProcess,
  start: (name: string, shares: boolean) => Promise<Client>,
): Promise<void> {
  const clients = await Promise.all(['a', 'b', 'c'].map((name) => start(name, true)));
  const loner = await start('loner', false);
  for (const { line } of [...clients, loner]) expect(await line.call('ask')).toBe('blue');
  for (let n = 0; n < SWITCHES; n++) {
    const to = n % 2 === 0 ? 'green' : 'blue';
    const finder = clients[n % clients.length];
    if (finder === undefined) throw new Error('nobody finds out');
    await switchTo(engine, to, [finder]);
    // By the store alone: they have sent nothing.
    for (const { line } of clients) await soon(`all go to ${to}`, line.call('moved', to));
    for (const { line } of clients) expect(await line.call('ask')).toBe(to);
    expect(await loner.line.call('ask')).toBe(to);
  }
  const metrics = await Promise.all(clients.map(({ line }) => line.call('metrics')));
  const alone = await loner.line.call('metrics');
  const state = await engine.state();
  reportLine(
    `strategy sharing, ${what}: ${SWITCHES} switches, ${clients.length} clients of which one was at work, ` +
      `${sum(metrics.flatMap(mismatches))} times 456 (one without the store: ${sum(mismatches(alone))}), ` +
      `authentications ${metrics.map(({ authentications: { blue, green } }) => blue + green).join(', ')}`,
  );
  expect(metrics.flatMap(mismatches)).toEqual(clients.flatMap(() => [0, 0]));
  expect(mismatches(alone)).toEqual([SWITCHES / 2, SWITCHES / 2]);
  expect(state.mismatches).toEqual({ blue: SWITCHES / 2, green: SWITCHES / 2, none: 0 });
  expect(metrics.map(({ switches }) => switches)).toEqual(clients.map(() => SWITCHES));
  expect((await Promise.all([...clients, loner].map((client) => client.close()))).flat()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
}

/** Announces until these clients, who are at work, have moved, and then to the end: from then on the old colour refuses all. */
async function switchTo(engine: EngineProcess, to: Colour, atWork: readonly Client[]): Promise<void> {
  const seen = engine.phases.length;
  await engine.switch({ to, announceMs: 300 });
  for (const { line } of atWork)
    await until(`a query runs on ${to}`, async () => (await line.call('ask')) === to);
  await engine.reaches('steady', seen);
}

function warningsOf(clients: readonly Client[]): Promise<(readonly string[])[]> {
  return Promise.all(clients.map(({ line }) => line.call('warnings')));
}

const mismatches = ({ mismatches: { blue, green } }: StrategyMetrics): [number, number] => [blue, green];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
