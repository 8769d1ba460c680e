import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BACKENDS, backendUrl } from '../src/coordination/backends.js';
import { CoordinationWorker } from '../src/coordination/coordination-worker.js';
import { GuardedStore } from '../src/coordination/guarded-store.js';
import { now } from '../src/coordination/now.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';

leavesNothingBehind();

/** In each of two turns. */
const ACQUISITIONS = 5_000;
/** 60 bytes for each acquisition of a turn: less than an object that each would leave behind. */
const HEAP_SLACK_BYTES = 300_000;

describe.each(BACKENDS)('%s: ten thousand cycles (B30)', (backend) => {
  test('heap, timers, listeners and the keys of the server are back where they were', async () => {
    const url = await backendUrl(backend);
    const worker = new CoordinationWorker('w0', { store: new GuardedStore() });
    await worker.begin({ url, seed: 0, options: {} });
    const begin = now();
    const [first, second] = await worker.line.call('cycles', ACQUISITIONS);
    const seconds = (now() - begin) / 1000;
    reportLine(
      `cycles ${backend}: ${2 * ACQUISITIONS} acquisitions in ${seconds.toFixed(1)} s, heap ${(first.heap / 1e6).toFixed(2)} MB ` +
        `after half of them and ${(second.heap / 1e6).toFixed(2)} MB after all, ${second.resources.length} timers and sockets`,
    );
    expect(second.heap - first.heap).toBeLessThan(HEAP_SLACK_BYTES);
    expect(second.resources).toEqual(first.resources);
    expect(await worker.stop()).toEqual([]);
    if (backend === 'redis') expect(await keysAt(url)).toEqual(['_tooz_x:counter:fence:']);
  });
});

async function keysAt(url: string): Promise<string[]> {
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  return client.keys('*');
}
