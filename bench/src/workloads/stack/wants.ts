import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../../harness/context.js';
import { processCpuUs } from '../../harness/process-cpu.js';
import type { Measurement } from '../../harness/results.js';
import { runRounds } from '../../harness/rounds.js';
import { alone, versus } from '../../harness/versus.js';
import { Worker } from '../../harness/worker.js';
import { startCluster } from '../../servers/cluster.js';
import { fulfil } from './convergence.js';
import type { DevStack } from './dev-stack.js';
import type { FloorWorker } from './floor-protocol.js';
import type { Part } from './part.js';

const FLOOR = fileURLToPath(new URL('./floor-worker.ts', import.meta.url));
/** As many as a worker has at work, by default. */
const CALLERS = 16;
/** Far from the ids that the engine's sample data wants. */
const FIRST_ID = 1_000_000;

interface Report {
  readonly seconds: number;
  /** NaN for the floor. */
  readonly unwantSeconds: number;
  readonly cpuUs: number;
}

/** From `job want` to all nodes holding the ids, beside the bare requests to a cluster of their own. */
export async function benchWants(
  context: BenchContext,
  stack: DevStack,
  sizes: readonly number[],
): Promise<Part> {
  const { scratch, signal, say, rounds } = context;
  if (sizes.length === 0) return { measurements: [], notes: [] };
  const { backend } = stack;
  await using cluster = await startCluster({ scratch, extensions: 'on', faultRate: 0, signal });
  await using floor = await Worker.start<FloorWorker>({ script: FLOOR, signal });
  await floor.call('open', { nodes: cluster.nodes, folder: await scratch.folder('stack-floor') });
  const measurements: Measurement[] = [];
  let failed = 0;
  let from = FIRST_ID;

  const run = async (contender: string, ids: number, n: number | string): Promise<Report> => {
    if (contender === 'floor') {
      const report = await floor.call('create', { prefix: `${ids}-${n}`, ids, callers: CALLERS });
      failed += report.failed;
      return { seconds: report.seconds, unwantSeconds: Number.NaN, cpuUs: Number.NaN };
    }
    const cpuBefore = await cpuOf(stack);
    const seconds = await fulfil(stack, { operation: 'want', from, ids }, signal);
    const cpuUs = (await cpuOf(stack)) - cpuBefore;
    const unwantSeconds = await fulfil(stack, { operation: 'unwant', from, ids }, signal);
    from += ids;
    return { seconds, unwantSeconds, cpuUs };
  };

  for (const contender of ['floor', 'stack']) await run(contender, sizes[0] ?? 1, 'warm');
  for (const ids of sizes) {
    say(`stack, ${backend}: ${rounds} rounds of wanting ${ids} ids`);
    const { valid } = await runRounds<Report>(
      { contenders: ['floor', 'stack'], rounds, signal },
      (contender, n) => run(contender, ids, n),
    );
    const own = { rounds: valid, of: 'stack' };
    const id = `stack.${backend}`;
    measurements.push(
      versus({
        ...own,
        id: `${id}.want-${ids}`,
        what: `${backend}: job want of ${ids} id(s) to all nodes holding them`,
        unit: 's',
        to: 'floor',
        toWhat: 'bare POSTs and an append per id',
        figure: ({ seconds }) => seconds,
      }),
      alone({
        ...own,
        id: `${id}.unwant-${ids}`,
        what: `${backend}: job unwant of ${ids} id(s) to none holding them`,
        unit: 's',
        figure: ({ unwantSeconds }) => unwantSeconds,
      }),
      alone({
        ...own,
        id: `${id}.want-${ids}.cpu`,
        what: `${backend}: CPU of the five processes per id, ${ids} wanted`,
        unit: 'µs',
        figure: ({ cpuUs }) => cpuUs / ids,
      }),
    );
  }
  await floor.call('close', null);
  return {
    measurements,
    notes: [
      `${backend}: want is from the start of the job command to the nodes' own counts; the floor, ${CALLERS} callers on a cluster-sim of its own, has no process to start and no second between two runs`,
      ...(failed > 0 ? [`DOUBTFUL: ${failed} creates of the floor failed`] : []),
    ],
  };
}

async function cpuOf(stack: DevStack): Promise<number> {
  const each = await Promise.all(stack.pids.map(processCpuUs));
  return each.reduce((sum, one) => sum + one, 0);
}
