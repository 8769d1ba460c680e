import { fileURLToPath } from 'node:url';
import type { Measurement } from '../../../harness/results.js';
import { type Round, runRounds } from '../../../harness/rounds.js';
import { alone, versus } from '../../../harness/versus.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import type { BatchesReport, WireWorker } from './protocol.js';
import { ROWS_PER_BATCH, SAMPLE_NAMES, TWO_COLUMNS } from './samples.js';

export interface WireSizes {
  /** Of the two that have a bar. */
  readonly slices: number;
  readonly batchesPerSlice: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 2;
const LEAST_LONGS = 10_000_000;
const LEAST_ROWS = 2_000_000;
/** The samples of the contract: their bars, and what their floor is. */
const BARRED: ReadonlyMap<string, { readonly least: number; readonly floor: string }> = new Map([
  ['LONG', { least: LEAST_LONGS, floor: 'DataView into one array' }],
  [TWO_COLUMNS, { least: LEAST_ROWS, floor: 'DataView and latin1Slice into rows' }],
]);

type Rounds = readonly Round<BatchesReport>[];

const rowsPerSecond = ({ rows, elapsedMs }: BatchesReport): number => (rows / elapsedMs) * 1000;

/** Batches between bytes and rows, on one core. */
export async function benchWire(context: StrategyBench, sizes: WireSizes): Promise<Part> {
  const { signal, rounds, from, say } = context;
  await using worker = await Worker.start<WireWorker>({ script: SCRIPT, from, signal });
  const { slices, batchesPerSlice } = sizes;
  const run = (sample: string): Promise<Round<BatchesReport>> =>
    worker.call('batches', { sample, slices: BARRED.has(sample) ? slices : 1, batchesPerSlice });
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) for (const sample of SAMPLE_NAMES) await run(sample);
  say(`strategy: ${rounds} rounds of batches of every type`);
  const { valid } = await runRounds({ contenders: SAMPLE_NAMES, rounds, signal }, run);
  return {
    measurements: SAMPLE_NAMES.flatMap((sample) =>
      lines(
        sample,
        valid.map(({ [sample]: round = {} }) => round),
      ),
    ),
    notes: [
      `wire: batches of ${ROWS_PER_BATCH} rows without nulls (INT96 and NULL: of nulls), one value per row but for ${TWO_COLUMNS}; wall time of whole slices, garbage collection included; ${rounds} rounds of ${slices} slices (types without a bar: 1) of ${batchesPerSlice} batches`,
    ],
  };
}

function lines(sample: string, rounds: Rounds): readonly Measurement[] {
  const barred = BARRED.get(sample);
  const unit = sample === TWO_COLUMNS ? 'rows/s' : 'values/s';
  const rate = { rounds, unit, figure: rowsPerSecond };
  const id = `strategy.wire.${sample}`;
  return [
    alone({
      ...rate,
      id: `${id}.decode`,
      what: `decodeBatch, ${sample}`,
      of: 'decode',
      ...(barred ? { bar: { kind: 'atLeast', value: barred.least } } : {}),
    }),
    ...(barred
      ? [
          versus({
            ...rate,
            id: `${id}.floor`,
            what: `decodeBatch, ${sample}, by its floor`,
            of: 'decode',
            to: 'floor',
            toWhat: barred.floor,
          }),
        ]
      : []),
    alone({ ...rate, id: `${id}.encode`, what: `encodeBatch, ${sample}`, of: 'encode' }),
  ];
}
