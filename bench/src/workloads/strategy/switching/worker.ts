import { type Connection, connect } from '@holdfast/strategy-client';
import { BenchError } from '../../../harness/bench-error.js';
import { hostMs } from '../../../harness/clock.js';
import { serveWorker } from '../../../harness/worker-host.js';
import type { LoadOrder, LoadReport, SwitchingWorker } from './protocol.js';

const SHOWN_FAILURES = 5;

let isStopped = false;

async function load({ port, callers, rows }: LoadOrder): Promise<LoadReport> {
  isStopped = false;
  await using connection = connect({
    ...{ host: '127.0.0.1', port, username: 'holdfast', password: 'holdfast' },
    ...{ catalog: 'builtin', database: 'generated' },
  });
  const log = new Log();
  async function caller(): Promise<void> {
    // One more when it is stopped: it begins after the last switch.
    for (let isLast = false; !isLast; ) {
      isLast = isStopped;
      try {
        await oneQuery(connection, rows, log);
      } catch (error) {
        log.failures.push(String(error));
      }
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  return log.report();
}

async function oneQuery(connection: Connection, rows: number, log: Log): Promise<void> {
  const begunAt = hostMs();
  const result = await connection.query(`SELECT n, name FROM numbers LIMIT ${rows}`);
  const executedAt = hostMs();
  // As long as it runs this is where it runs.
  const wasGreen = connection.manager.getQueryStrategy(result.queryId) === 'green';
  let came = 0;
  for await (const [n] of result) {
    came += 1;
    if (n !== BigInt(came)) throw new BenchError('WRONG_REPLY', `row ${came} came as ${n}`);
  }
  if (came !== rows) throw new BenchError('WRONG_REPLY', `${came} rows came instead of ${rows}`);
  log.add({ begunAt, executedAt, endedAt: hostMs(), wasGreen });
}

class Log {
  readonly failures: string[] = [];
  readonly #begunAt: number[] = [];
  readonly #executedAt: number[] = [];
  readonly #endedAt: number[] = [];
  readonly #wasGreen: number[] = [];

  add(one: { begunAt: number; executedAt: number; endedAt: number; wasGreen: boolean }): void {
    this.#begunAt.push(one.begunAt);
    this.#executedAt.push(one.executedAt);
    this.#endedAt.push(one.endedAt);
    this.#wasGreen.push(Number(one.wasGreen));
  }

  report(): LoadReport {
    return {
      begunAt: Float64Array.from(this.#begunAt),
      executedAt: Float64Array.from(this.#executedAt),
      endedAt: Float64Array.from(this.#endedAt),
      wasGreen: Uint8Array.from(this.#wasGreen),
      failures: this.failures.slice(0, SHOWN_FAILURES),
      failed: this.failures.length,
    };
  }
}

serveWorker<SwitchingWorker>({
  load,
  async stop() {
    isStopped = true;
  },
});
