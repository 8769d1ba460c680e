import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../../../harness/context.js';
import { onMember } from '../../../harness/entries.js';
import { runRounds } from '../../../harness/rounds.js';
import { Worker } from '../../../harness/worker.js';
import { type Cluster, startCluster } from '../../../servers/cluster.js';
import { countHolders } from '../../../servers/listing.js';
import type { Part } from '../part.js';
import { CREATORS } from './contenders/contender.js';
import { type Judged, judgeSlice } from './judge-slice.js';
import { measurePoint } from './measure-point.js';
import { isFaulty, type MatrixPoint, pointName } from './point.js';
import type { MatrixWorker, SliceOrder } from './protocol.js';

export interface MatrixSizes {
  readonly points: readonly MatrixPoint[];
  /** Of one creator in one round, until no create is begun any more. */
  readonly sliceMs: number;
  /** The same where creates can fail: most of their time is spent on waiting for one another's last retries. */
  readonly faultySliceMs: number;
  /** Of each creator, before the first point. */
  readonly warmUpMs: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Creates by all creators in turn, at each point on a cluster of its own. */
export async function benchMatrix(context: BenchContext, sizes: MatrixSizes): Promise<Part> {
  const { signal } = context;
  const { args: from } = await onMember('packages/reliable-connector');
  await using worker = await Worker.start<MatrixWorker>({ script: SCRIPT, from, signal });
  const parts: Part[] = [];
  for (const [n, point] of sizes.points.entries()) {
    await using cluster = await openPoint(context, worker, point);
    if (n === 0) await warmUp(worker, point, sizes.warmUpMs);
    parts.push(await benchPoint(context, { worker, cluster, point, sizes }));
    await worker.call('close', null);
  }
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [
      `matrix: ${context.rounds} rounds of slices of ${sizes.sliceMs} ms, with faults ${sizes.faultySliceMs} ms, of each creator; what was begun is waited for and counts; divergence by the cluster's own listing after each slice`,
      ...parts.flatMap(({ notes }) => notes),
    ],
  };
}

async function openPoint(
  { scratch, signal }: BenchContext,
  worker: Worker<MatrixWorker>,
  { nodes: nodeCount, faultRate, lostReplyRate, delayMs }: MatrixPoint,
): Promise<Cluster> {
  const faults = { faultRate, lostReplyRate, delayMs };
  const cluster = await startCluster({ scratch, signal, extensions: 'on', nodeCount, ...faults });
  try {
    await worker.call('open', { nodes: cluster.nodes, folder: await scratch.folder('matrix') });
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function warmUp(
  worker: Worker<MatrixWorker>,
  { callers }: MatrixPoint,
  durationMs: number,
): Promise<void> {
  for (const creator of CREATORS)
    await worker.call('slice', { creator, callers, durationMs, prefix: `warm-${creator}-` });
}

interface Stage {
  readonly worker: Worker<MatrixWorker>;
  readonly cluster: Cluster;
  readonly point: MatrixPoint;
  readonly sizes: MatrixSizes;
}

async function benchPoint(context: BenchContext, { worker, cluster, point, sizes }: Stage): Promise<Part> {
  const { rounds, signal, say } = context;
  const { callers, nodes } = point;
  say(`reliable: ${rounds} rounds of creates, ${pointName(point)}`);
  const durationMs = isFaulty(point) ? sizes.faultySliceMs : sizes.sliceMs;
  const run = async (creator: SliceOrder['creator'], n: number): Promise<Judged> => {
    const prefix = `r${n}-${creator}-`;
    const report = await worker.call('slice', { creator, callers, durationMs, prefix });
    return judgeSlice(report, { callers, nodes, prefix, holders: await countHolders(cluster, prefix) });
  };
  const { valid } = await runRounds<Judged>({ contenders: CREATORS, rounds, signal }, (contender, n) =>
    run(CREATORS.find((one) => one === contender) ?? 'floor', n),
  );
  return measurePoint(point, valid);
}
