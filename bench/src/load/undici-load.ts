import { Client } from 'undici';
import { nowMs } from '../harness/clock.js';
import { percentile } from '../harness/stats.js';
import type { LoadReport } from './load.js';
import { mix } from './mix.js';

const [url = '', connections = '64', durationMs = '1000', prefix = ''] = process.argv.slice(2);
const requests = mix(prefix);
const latencies: number[] = [];
let errorStatus = 0;
let broken = 0;
const startedAt = nowMs();
const endsAt = startedAt + Number(durationMs);

/** One connection with one request at a time. */
async function connection(): Promise<void> {
  const client = new Client(url, { pipelining: 1 });
  while (nowMs() < endsAt) {
    const sentAt = nowMs();
    try {
      const { statusCode, body } = await client.request({ ...requests.next().value, reset: false });
      await body.dump();
      if (statusCode >= 400) errorStatus += 1;
      latencies.push(nowMs() - sentAt);
    } catch {
      broken += 1;
    }
  }
  await client.close();
}

await Promise.all(Array.from({ length: Number(connections) }, connection));
const report: LoadReport = {
  requests: latencies.length,
  durationUs: Math.round((nowMs() - startedAt) * 1000),
  errorStatus,
  broken,
  p50Us: Math.round(percentile(latencies, 0.5) * 1000),
  p99Us: Math.round(percentile(latencies, 0.99) * 1000),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
