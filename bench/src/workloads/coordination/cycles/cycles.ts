import { fileURLToPath } from 'node:url';
import { bar, type Measurement } from '../../../harness/results.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, RedisBench } from '../part.js';
import type { CyclesWorker, Holding } from './protocol.js';

export interface CyclesSizes {
  /** Before the first look: caches fill, code is compiled. */
  readonly settling: number;
  readonly cycles: number;
  readonly callers: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Back to start, as far as a garbage-collected heap can be. */
const MOST_HEAP_GROWTH = 1.2;

/** What many acquires, releases and watches leave behind: nothing may. */
export async function benchCycles(context: RedisBench, sizes: CyclesSizes): Promise<Part> {
  const { redis, signal, from, say } = context;
  const { settling, cycles, callers } = sizes;
  await using worker = await Worker.start<CyclesWorker>({
    script: SCRIPT,
    from,
    nodeArgs: ['--expose-gc'],
    signal,
  });
  await worker.call('open', { url: redis.url });
  say(`coordination: ${cycles} cycles of acquire, release and watch`);
  const before = await worker.call('advance', { cycles: settling, callers });
  const after = await worker.call('advance', { cycles, callers });
  await worker.call('close', null);
  const heap = after.heapMiB / before.heapMiB;
  return {
    measurements: [
      {
        id: 'coordination.cycles.heap',
        what: `heap after ${cycles} cycles`,
        unit: 'MiB',
        value: after.heapMiB,
        floor: { what: 'before', value: before.heapMiB },
        ratio: heap,
        bar: bar('atMost', MOST_HEAP_GROWTH, 'ratio', heap),
      },
      ...(['timers', 'listeners', 'keys'] as const).map((what) => left(what, cycles, before, after)),
    ],
    notes: [
      `cycles: acquire, release, and watch of a group until its snapshot, by ${callers} callers on one coordinator; one lock in 20 is contended; ${settling} cycles before the first look; keys are all keys of the server`,
    ],
  };
}

function left(
  what: 'timers' | 'listeners' | 'keys',
  cycles: number,
  before: Holding,
  after: Holding,
): Measurement {
  return {
    id: `coordination.cycles.${what}`,
    what: `${what} after ${cycles} cycles`,
    unit: '',
    value: after[what],
    floor: { what: 'before', value: before[what] },
    bar: bar('atMost', before[what], 'value', after[what]),
  };
}
