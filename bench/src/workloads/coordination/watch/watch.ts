import { fileURLToPath } from 'node:url';
import type { Measurement } from '../../../harness/results.js';
import { type Round, runRounds } from '../../../harness/rounds.js';
import { median, merged } from '../../../harness/stats.js';
import { versus } from '../../../harness/versus.js';
import { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import type { Part, RedisBench } from '../part.js';
import { contenderNames } from '../peers.js';
import { quantileLines } from '../quantiles.js';
import { WATCHERS, type WatcherName, type WatchWorker } from './protocol.js';

export interface WatchSizes {
  /** Of each watcher in a round. */
  readonly joins: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
const ID = 'coordination.watch';
const FLOOR = 'SET and PUBLISH in one script, one subscription';

/** From the call of join to the event of somebody who watches the group on another connection. */
export async function benchWatch(context: RedisBench, { joins }: WatchSizes): Promise<Part> {
  const { redis, etcd, from, rounds, signal, say } = context;
  await using worker = await Worker.start<WatchWorker>({ script: SCRIPT, from, signal });
  await worker.call('open', { redis: redis.url, etcd: etcd?.url ?? null });
  const watchers = WATCHERS.filter((name) => name !== 'etcd3' || etcd !== null);
  const run = (): Promise<Round<Float64Array>> => worker.call('joins', { watchers, joins });
  // Until the compiler has seen enough.
  await run();
  say(`coordination: ${rounds} rounds of ${joins} joins that somebody watches`);
  const { valid } = await runRounds({ contenders: ['all'], rounds, signal }, run);
  await worker.call('close', null);
  const flat = valid.map(({ all = {} }) => all);
  const { etcd3 } = await contenderNames();
  const names = { floor: FLOOR, holdfast: 'holdfast', etcd3 };
  return {
    measurements: [
      ...watchers.flatMap((name) => distribution(name, names[name], flat)),
      ...(etcd === null ? [absent('etcd', `${ID}.etcd3`, 'ms')] : []),
      against('floor', FLOOR, flat),
      ...(etcd === null ? [] : [against('etcd3', etcd3, flat)]),
    ],
    notes: [
      `watch: ${flat.length} rounds of ${joins} joins of each, in turn join by join, member and watcher in one process; Python's tooz tells its watchers when they ask, so it has no such latency`,
    ],
  };
}

function distribution(name: WatcherName, who: string, rounds: readonly Round<Float64Array>[]): Measurement[] {
  const latencies = merged(rounds.map((round) => round[name] ?? new Float64Array()));
  return quantileLines({ id: `${ID}.${name}`, what: `join to the watcher's event: ${who}`, latencies });
}

function against(to: WatcherName, toWhat: string, rounds: readonly Round<Float64Array>[]): Measurement {
  return versus({
    id: `${ID}.holdfast-to-${to}`,
    what: "join to the watcher's event: holdfast, median",
    unit: 'ms',
    rounds,
    of: 'holdfast',
    to,
    toWhat,
    figure: median,
  });
}
