import { fileURLToPath } from 'node:url';
import type { Measurement } from '../../../harness/results.js';
import { type Round, runRounds } from '../../../harness/rounds.js';
import { versus } from '../../../harness/versus.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import type { ResultsOrder, ResultsReport, ResultsWorker } from './protocol.js';

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
const FLOOR = 'bare stub, rows left as bytes';

const rowsPerSecond = ({ rows, elapsedMs }: ResultsReport): number => (rows / elapsedMs) * 1000;
const cpuPerRow = ({ rows, cpuUs }: ResultsReport): number => cpuUs / rows;

/** Results of some sizes, read to their end row by row, beside a stub that fetches the same bytes. */
export async function benchResults(context: StrategyBench, sizes: readonly ResultsOrder[]): Promise<Part> {
  const { engine, from, rounds, signal, say } = context;
  await using worker = await Worker.start<ResultsWorker>({ script: SCRIPT, from, signal });
  await worker.call('open', { port: engine.port });
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    const run = (): Promise<Round<ResultsReport>> => worker.call('results', size);
    // Until the compiler has seen enough.
    await run();
    say(`strategy: ${rounds} rounds of results of ${size.rows} rows`);
    const { valid } = await runRounds({ contenders: ['all'], rounds, signal }, run);
    measurements.push(
      ...lines(
        size.rows,
        valid.map(({ all = {} }) => all),
      ),
    );
  }
  await worker.call('close', null);
  const counts = sizes.map(({ rows, queries }) => `${queries} of ${rows}`).join(', ');
  return {
    measurements,
    notes: [
      `results: ${rounds} rounds of ${counts} rows by each, one query at a time; engine and client share the machine`,
    ],
  };
}

function lines(rows: number, rounds: readonly Round<ResultsReport>[]): Measurement[] {
  const id = `strategy.result-${rows}`;
  const what = `result of ${rows} row(s)`;
  const against = { rounds, of: 'client', to: 'bare', toWhat: FLOOR };
  return [
    versus({ ...against, id: `${id}.rate`, what, unit: 'rows/s', figure: rowsPerSecond }),
    versus({
      ...against,
      id: `${id}.cpu`,
      what: `${what}: CPU of the client's process per row`,
      unit: 'µs',
      figure: cpuPerRow,
    }),
  ];
}
