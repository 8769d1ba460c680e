import { hostMs, pause } from '../../../harness/clock.js';
import { bar, type Measurement } from '../../../harness/results.js';
import { percentile } from '../../../harness/stats.js';
import type { CoordinationBench, Part } from '../part.js';
import { quantileLines } from '../quantiles.js';
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
  /** `redis`, `sqlite` or `etcd`; the last is etcd3's election on its own server. */
  readonly name: string;
  readonly url: string;
  /** How a leadership ends in order. Default: both ways. */
  readonly kinds?: readonly Kind[];
  /** Ms that a former leader gets to stand in line again, which is not measured. Default: 10. */
  readonly lineUpMs?: number;
  readonly mostP50Ms?: number;
  readonly mostP99Ms?: number;
  /** After the lease has ended. */
  readonly mostBeyondLeaseMs?: number;
}

const KINDS = ['standDown', 'request'] as const;
type Kind = (typeof KINDS)[number];
const WHAT = {
  standDown: 'stand-down by the leader',
  request: 'stand-down asked for by the successor',
} as const;
/** Lease of those who hand over in order: it has no part in how long that takes. */
const LEASE_MS = 30_000;
const LINE_UP_MS = 10;

/** From stand-down, or from kill -9, of a leader's process to the first line of the work of its successor's. */
export async function benchElection(
  context: CoordinationBench,
  backend: Backend,
  sizes: ElectionSizes,
): Promise<Part> {
  const { name, kinds = KINDS } = backend;
  const { handOvers, kills, leaseMs } = sizes;
  context.say(`coordination: ${handOvers} hand-overs of each kind on ${name}, ${kills} leaders killed`);
  const inOrder = await handOver(context, backend, handOvers);
  const killed = await kill(context, backend, sizes);
  return {
    measurements: [
      ...kinds.flatMap((kind) => lines(backend, kind, inOrder[kind])),
      ...(kills > 0 ? failOver(backend, leaseMs, killed) : []),
    ],
    notes: [
      `${name}: ${handOvers} hand-overs between two processes of each kind, ${kills} kills with a lease of ${leaseMs} ms; the spread is over all of them`,
    ],
  };
}

type Latencies = Readonly<Record<Kind, number[]>>;

async function handOver(
  context: CoordinationBench,
  { name, url, kinds = KINDS, lineUpMs = LINE_UP_MS }: Backend,
  count: number,
): Promise<Latencies> {
  await using candidates = await Candidates.start(
    { url, ttlMs: LEASE_MS, group: `hand-over-${name}` },
    context.pool,
  );
  const latencies: Latencies = { standDown: [], request: [] };
  for (let n = 0; n < count; n += 1) {
    for (const kind of kinds) {
      await pause(lineUpMs, context.signal);
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
  { name, url, lineUpMs = LINE_UP_MS }: Backend,
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
    await pause(lineUpMs, context.signal);
    const { leader, successor } = candidates;
    const pid = await leader.call('pid', null);
    const elected = candidates.elected(successor);
    const killedAt = hostMs();
    process.kill(pid, 'SIGKILL');
    latencies.push((await elected).atMs - killedAt);
  }
  return latencies;
}

function failOver(
  { name, mostBeyondLeaseMs }: Backend,
  leaseMs: number,
  killed: readonly number[],
): Measurement[] {
  const id = `coordination.${name}.kill`;
  const what = `${name}: kill -9 of the leader to its successor's work`;
  const most = Math.max(...killed);
  const beyond =
    mostBeyondLeaseMs === undefined ? {} : { bar: bar('atMost', leaseMs + mostBeyondLeaseMs, 'value', most) };
  return [
    ...quantileLines({ id, what, latencies: killed, only: ['p50', 'p90'] }),
    {
      id: `${id}.fail-over`,
      what: `${what}, worst`,
      unit: 'ms',
      value: most,
      spread: { median: percentile(killed, 0.5), least: Math.min(...killed), most },
      floor: { what: 'the lease', value: leaseMs },
      ratio: most / leaseMs,
      ...beyond,
    },
  ];
}

function lines(
  { name, mostP50Ms, mostP99Ms }: Backend,
  kind: Kind,
  latencies: readonly number[],
): Measurement[] {
  return quantileLines({
    id: `coordination.${name}.${kind}`,
    what: `${name}: ${WHAT[kind]} to the successor's work`,
    latencies,
    most: {
      ...(mostP50Ms === undefined ? {} : { p50: mostP50Ms }),
      ...(mostP99Ms === undefined ? {} : { p99: mostP99Ms }),
    },
  });
}
