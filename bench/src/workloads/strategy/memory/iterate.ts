import { connect } from '@holdfast/strategy-client';
import { type Column, decodeBatch, encodeBatch, type Row } from '@holdfast/strategy-client/wire';
import { BenchError } from '../../../harness/bench-error.js';
import { nowMs } from '../../../harness/clock.js';
import { ROWS_PER_BATCH } from '../wire/samples.js';
import { heldAtRest, heldNow } from './held.js';
import type { IterateOrder, IterateReport } from './protocol.js';

const BYTES_PER_KIB = 1_024;
/** Batches that are held at once to see what one takes. */
const WEIGHED = 8;

/** Reads a long result row by row and looks at what is held meanwhile. */
export async function iterate({ port, rows, every }: IterateOrder): Promise<IterateReport> {
  const batch = await weighBatch();
  await using connection = connect({
    ...{ host: '127.0.0.1', port },
    username: 'holdfast',
    password: 'holdfast',
  });
  const where = { catalog: 'builtin', database: 'generated' };
  const read = async (count: number, look: (row: number) => void): Promise<void> => {
    let row = 0;
    for await (const [n] of await connection.query(
      `SELECT n, name FROM numbers LIMIT ${count}`,
      undefined,
      where,
    )) {
      row += 1;
      if (n !== BigInt(row)) throw new BenchError('WRONG_REPLY', `row ${row} came as ${n}`);
      look(row);
    }
    if (row !== count) throw new BenchError('WRONG_REPLY', `${row} rows came instead of ${count}`);
  };
  // Code is compiled, buffers are made.
  await read(Math.min(rows, 4 * ROWS_PER_BATCH), () => {});
  const base = await heldAtRest();
  const startedAt = nowMs();
  let most = 0;
  await read(rows, (row) => {
    if (row % every === 0) most = Math.max(most, heldNow());
  });
  const seconds = (nowMs() - startedAt) / 1000;
  return { rows, seconds, base, most, batch, maxRss: process.resourceUsage().maxRSS * BYTES_PER_KIB };
}

/** What a batch of the result takes in memory: its bytes and its rows. */
async function weighBatch(): Promise<number> {
  const columns: readonly Column[] = [
    { name: 'n', type: 'LONG', zone: '', format: '' },
    { name: 'name', type: 'STRING', zone: '', format: '' },
  ];
  // Rows of the end of the result, whose texts are the longest.
  const rows: Row[] = Array.from({ length: ROWS_PER_BATCH }, (_, n) => [BigInt(n), `row ${990_000 + n}`]);
  const bytes = encodeBatch(columns, rows);
  const kept: unknown[] = [decodeBatch(columns, bytes)];
  const before = await heldAtRest();
  for (let n = 0; n < WEIGHED; n += 1) {
    const own = Uint8Array.from(bytes);
    kept.push(own, decodeBatch(columns, own));
  }
  const after = await heldAtRest();
  // It is used afterwards, so that it is not collected before.
  return kept.length > 0 ? (after - before) / WEIGHED : 0;
}
