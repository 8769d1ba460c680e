import { hostMs, pause } from '../../../harness/clock.js';
import { type Bar, bar, type Measurement } from '../../../harness/results.js';
import { percentile } from '../../../harness/stats.js';
import type { CoordinationBench, Part } from '../part.js';
import { Candidates } from './candidates.js';

export interface ElectionSizes {
  /** Hand-overs of each kind. */
  readonly handOvers: number;
  /** Leaders that are killed. */
  readonly kills: number;
  /** Lease of those. */
  readonly leaseMs: number;
}

export interface Backend {
  /** `redis` or `sqlite`. */
  readonly name: string;
  readonly url: string;
  readonly mostP50Ms?: number;
  readonly mostP99Ms: number;
}

const KINDS = ['standDown', 'request'] as const;
const WHAT = { standDown: 'standDownGroupLeader', request: 'requestStandDown by the successor' } as const;
/** Lease of those who hand over in order: it has no part in how long that takes. */
const LEASE_MS = 30_000;
/** Until the former leader stands in line again; nothing that is measured. */
const LINE_UP_MS = 10;
/** After its lease has ended. */
const MOST_BEYOND_LEASE_MS = 250;

/** From stand-down, or from kill -9, of a leader's process to the first line of the work of its successor's. */
export async function benchElection(
  context: CoordinationBench,
  backend: Backend,
  sizes: ElectionSizes,
): Promise<Part> {
  const { name } = backend;
  const { handOvers, kills, leaseMs } = sizes;
  context.say(`coordination: ${handOvers} hand-overs of each kind on ${name}, ${kills} leaders killed`);
  const inOrder = await handOver(context, backend, handOvers);
  const killed = await kill(context, backend, sizes);
  return {
    measurements: [
      ...KINDS.flatMap((kind) => lines(backend, kind, inOrder[kind])),
      ...(kills > 0 ? [failOver(name, leaseMs, killed)] : []),
    ],
    notes: [
      `${name}: ${handOvers} hand-overs between two processes of each kind, ${kills} kills with a lease of ${leaseMs} ms; the spread is over all of them`,
    ],
  };
}

type Latencies = Readonly<Record<(typeof KINDS)[number], number[]>>;

async function handOver(
  context: CoordinationBench,
  { name, url }: Backend,
  count: number,
): Promise<Latencies> {
  await using candidates = await Candidates.start(
    { url, ttlMs: LEASE_MS, group: `hand-over-${name}` },
    context.pool,
  );
  const latencies: Latencies = { standDown: [], request: [] };
  for (let n = 0; n < count; n += 1) {
    for (const kind of KINDS) {
      await pause(LINE_UP_MS, context.signal);
      const { leader, successor } = candidates;
      const elected = candidates.elected(successor);
      elected.catch(() => {}); // Awaited below, unless what comes first fails.
      const { atMs } = await (kind === 'standDown' ? leader : successor).call(kind, null);
      latencies[kind].push((await elected).atMs - atMs);
      candidates.swap();
    }
  }
  return latencies;
}

async function kill(
  context: CoordinationBench,
  { name, url }: Backend,
  { kills, leaseMs }: ElectionSizes,
): Promise<number[]> {
  if (kills === 0) return [];
  await using candidates = await Candidates.start(
    { url, ttlMs: leaseMs, group: `kill-${name}` },
    context.pool,
  );
  const latencies: number[] = [];
  for (let n = 0; n < kills; n += 1) {
    if (n > 0) await candidates.replaceLeader();
    await pause(LINE_UP_MS, context.signal);
    const { leader, successor } = candidates;
    const pid = await leader.call('pid', null);
    const elected = candidates.elected(successor);
    const killedAt = hostMs();
    process.kill(pid, 'SIGKILL');
    latencies.push((await elected).atMs - killedAt);
  }
  return latencies;
}

function failOver(name: string, leaseMs: number, killed: readonly number[]): Measurement {
  const most = Math.max(...killed);
  return {
    id: `coordination.${name}.kill.fail-over`,
    what: `${name}: kill -9 of the leader to its successor's work, worst`,
    unit: 'ms',
    value: most,
    spread: { median: percentile(killed, 0.5), least: Math.min(...killed), most },
    floor: { what: 'the lease', value: leaseMs },
    ratio: most / leaseMs,
    bar: bar('atMost', leaseMs + MOST_BEYOND_LEASE_MS, 'value', most),
  };
}

function lines(
  { name, mostP50Ms, mostP99Ms }: Backend,
  kind: (typeof KINDS)[number],
  latencies: readonly number[],
): Measurement[] {
  const spread = {
    median: percentile(latencies, 0.5),
    least: Math.min(...latencies),
    most: Math.max(...latencies),
  };
  const line = (part: string, share: number, most: number | undefined): Measurement => {
    const value = percentile(latencies, share);
    const judged: Bar | undefined = most === undefined ? undefined : bar('atMost', most, 'value', value);
    return {
      id: `coordination.${name}.${kind}.${part}`,
      what: `${name}: ${WHAT[kind]} to the successor's work, ${part}`,
      unit: 'ms',
      value,
      spread,
      ...(judged ? { bar: judged } : {}),
    };
  };
  return [line('p50', 0.5, mostP50Ms), line('p99', 0.99, mostP99Ms)];
}
