import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../harness/context.js';
import { bar, type Measurement, type WorkloadResult } from '../harness/results.js';
import { median, spread } from '../harness/stats.js';
import { Worker } from '../harness/worker.js';
import type { MemoryPoint, MemoryWorker } from './memory/worker-protocol.js';

/** How much of it is done. */
export interface MemorySizes {
  /** Sagas before the first point: caches fill, code is compiled, the -wal takes its size (16 MiB). */
  readonly settlingSagas: number;
  readonly sagas: number;
  /** Ms that ended sagas are kept. */
  readonly retentionMs: number;
}

const SCRIPT = fileURLToPath(new URL('./memory/worker.ts', import.meta.url));
const POINTS = 10;
const COMPARED_POINTS = 3;
const CALLERS = 64;
/** Flat, as far as a garbage-collected heap can be. */
const MOST_GROWTH = 1.2;

/** Heap and journal over many sagas with a durable journal and nodes in the same process; neither may grow. */
export async function benchMemory(context: BenchContext, sizes: MemorySizes): Promise<WorkloadResult> {
  const { scratch, signal, say } = context;
  const { settlingSagas, sagas, retentionMs } = sizes;
  const journal = join(await scratch.folder('memory'), 'journal.db');
  await using worker = await Worker.start<MemoryWorker>({
    script: SCRIPT,
    nodeArgs: ['--expose-gc'],
    signal,
  });
  await worker.call('open', { journal, retentionMs, callers: CALLERS });
  if (settlingSagas > 0) await worker.call('advance', settlingSagas);
  const points: MemoryPoint[] = [];
  for (let n = 0; n < POINTS; n += 1) {
    signal.throwIfAborted();
    const point = await worker.call('advance', Math.ceil(sagas / POINTS));
    points.push(point);
    say(
      `memory: ${point.sagas} sagas, heap ${point.heapMiB.toFixed(1)} MiB, RSS ${point.rssMiB.toFixed(0)} MiB, journal ${point.fileMiB.toFixed(1)} MiB`,
    );
  }
  await worker.call('close', null);
  const failed = points.at(-1)?.failed ?? 0;
  const rates = points.map((point) => sagas / POINTS / point.seconds);
  return {
    workload: 'memory',
    measurements: [
      growth('heap', 'heap after a full collection', points, (point) => point.heapMiB),
      growth('file', 'journal and its -wal', points, (point) => point.fileMiB),
      {
        id: 'memory.rss',
        what: 'resident set',
        unit: 'MiB',
        value: points.at(-1)?.rssMiB ?? Number.NaN,
        spread: spread(points.map((point) => point.rssMiB)),
      },
      {
        id: 'memory.sagas',
        what: 'create and delete, nodes in the same process',
        unit: 'sagas/s',
        value: median(rates),
        spread: spread(rates),
      },
    ],
    notes: [
      `${points.at(-1)?.sagas ?? 0} sagas by ${CALLERS} callers, half create, half delete, retention ${retentionMs} ms`,
      `ratio: median of the last ${COMPARED_POINTS} of ${POINTS} points by that of the first ${COMPARED_POINTS}`,
      `heap in MiB: ${points.map((point) => point.heapMiB.toFixed(1)).join(' ')}`,
      `journal in MiB: ${points.map((point) => point.fileMiB.toFixed(1)).join(' ')}`,
      ...(failed > 0 ? [`DOUBTFUL: ${failed} sagas failed`] : []),
    ],
  };
}

function growth(
  part: string,
  what: string,
  points: readonly MemoryPoint[],
  figure: (point: MemoryPoint) => number,
): Measurement {
  const values = points.map(figure);
  const early = median(values.slice(0, COMPARED_POINTS));
  const late = median(values.slice(-COMPARED_POINTS));
  const ratio = late / early;
  return {
    id: `memory.${part}`,
    what,
    unit: 'MiB',
    value: late,
    spread: spread(values),
    floor: { what: 'early points', value: early },
    ratio,
    bar: bar('atMost', MOST_GROWTH, 'ratio', ratio),
  };
}
