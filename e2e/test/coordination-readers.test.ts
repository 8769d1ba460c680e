import type { Coordinator } from '@holdfast/coordination';
import { describe, expect, test } from 'vitest';
import { BACKENDS, backendUrl } from '../src/coordination/backends.js';
import { pause } from '../src/coordination/now.js';
import { coordinatorFor } from '../src/coordination/observer.js';
import { soon, until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { seededRandom } from '../src/seeded-random.js';

leavesNothingBehind();

const SEED = 20_260_923;
const READERS = 4;
const WRITES = 10;
/** Readers overlap: with this many and this long a lock that let them pass would hardly ever be free. */
const LONGEST_READ_MS = 12;

/** One reading, by what happened in the test's own process before and after it. */
interface Reading {
  readonly askedAt: number;
  readonly gotAt: number;
}

describe.each(BACKENDS)('%s: readers who come and go without a pause (B28)', (backend) => {
  test('a writer that waits is served, and no reader that asks later passes it', async () => {
    const url = await backendUrl(backend);
    const random = seededRandom(SEED);
    const writer = await coordinatorFor(url, 'writer');
    const readers = await Promise.all(
      Array.from({ length: READERS }, (_, at) => coordinatorFor(url, `reader-${at}`)),
    );
    const done = new AbortController();
    let steps = 0;
    const readings: Reading[] = [];
    const read = async (reader: Coordinator): Promise<void> => {
      while (!done.signal.aborted) {
        const askedAt = ++steps;
        const lock = reader.getLock('l');
        await lock.acquire({ shared: true });
        readings.push({ askedAt, gotAt: ++steps });
        await pause(random() * LONGEST_READ_MS);
        await lock.release();
      }
    };
    const reading = Promise.all(readers.map(read));
    const passed: Reading[] = [];
    for (let write = 0; write < WRITES; write++) {
      const lock = writer.getLock('l');
      const waiting = lock.acquire().then(() => ++steps);
      let queuedAt = 0;
      await until('the writer waits or writes', async () => {
        const { queue, mode } = await writer.inspectLock('l');
        queuedAt = ++steps;
        return mode === 'exclusive' || queue.some(({ memberId }) => memberId === 'writer');
      });
      const gotAt = await soon('the writer writes', waiting);
      passed.push(...readings.filter((one) => one.askedAt > queuedAt && one.gotAt < gotAt));
      await lock.release();
    }
    done.abort();
    await soon('the readers end', reading);
    reportLine(
      `readers ${backend}: seed ${SEED}, ${WRITES} writes among ${readings.length} readings, ${passed.length} passed`,
    );
    expect(passed).toEqual([]);
    expect(readings.length).toBeGreaterThan(WRITES);
  });
});
