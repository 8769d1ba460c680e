import { decodeBatch, encodeBatch } from '@holdfast/strategy-client/wire';
import { BenchError } from '../../../harness/bench-error.js';
import { nowMs } from '../../../harness/clock.js';
import type { Round } from '../../../harness/rounds.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { floorOf } from './floors.js';
import type { Action, BatchesOrder, BatchesReport, WireWorker } from './protocol.js';
import { sampleOf } from './samples.js';

/** What it makes is looked at, so that no compiler leaves it out. */
type Act = () => { readonly length: number };

interface Tally {
  readonly act: Act;
  /** Of what one batch makes. */
  readonly length: number;
  elapsedMs: number;
}

function actionsOf(name: string): ReadonlyMap<Action, Act> {
  const sample = sampleOf(name);
  const { columns, rows } = sample;
  const bytes = encodeBatch(columns, rows);
  const floor = floorOf(name, sample);
  return new Map<Action, Act>([
    ['decode', () => decodeBatch(columns, bytes)],
    ['encode', () => encodeBatch(columns, rows)],
    ...(floor === undefined ? [] : [['floor', floor] as const]),
  ]);
}

function batches({ sample, slices, batchesPerSlice }: BatchesOrder): Round<BatchesReport> {
  const tallies = new Map<Action, Tally>();
  for (const [action, act] of actionsOf(sample))
    tallies.set(action, { act, length: act().length, elapsedMs: 0 });
  const inTurn = [...tallies.values()];
  for (let slice = 0; slice < slices; slice += 1) {
    for (const tally of inTurn) runSlice(tally, batchesPerSlice);
    inTurn.reverse();
  }
  const rows = slices * batchesPerSlice * sampleOf(sample).rows.length;
  return Object.fromEntries([...tallies].map(([action, { elapsedMs }]) => [action, { rows, elapsedMs }]));
}

function runSlice(tally: Tally, count: number): void {
  const startedAt = nowMs();
  for (let n = 0; n < count; n += 1)
    if (tally.act().length !== tally.length) throw new BenchError('WRONG_REPLY', 'a batch came out another');
  tally.elapsedMs += nowMs() - startedAt;
}

serveWorker<WireWorker>({ batches: async (order) => batches(order) });
