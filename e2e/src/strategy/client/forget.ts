import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Connection } from '@holdfast/strategy-client';
import { until } from '../../coordination/patience.js';
import type { HeapReport } from './protocol.js';
import { BATCH_ROWS } from './queries.js';

const LANES = 16;
/** What is collected may free more: weak references and their finalizers take turns of their own. */
const COLLECTIONS = 3;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Runs queries of which every `nth` is forgotten after its first row, and waits until nothing of them is left. */
export async function forget(connection: Connection, queries: number, nth: number): Promise<HeapReport> {
  const numbers = Array.from({ length: queries }, (_, n) => n).values();
  const lane = async (): Promise<void> => {
    for (const n of numbers) await one(connection, n % nth === 0);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const pinned = (): number => {
    const { blue, green } = connection.manager.metrics().pinned;
    return blue + green;
  };
  await until('forgotten queries are ended', () => {
    collect();
    return pinned() === 0;
  });
  for (let n = 0; n < COLLECTIONS; n++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const { abandoned } = connection.manager.metrics();
  return { heap: process.memoryUsage().heapUsed, abandoned, pinned: pinned() };
}

async function one(connection: Connection, isForgotten: boolean): Promise<void> {
  const cursor = connection.cursor();
  await cursor.execute(`SELECT n FROM builtin.generated.numbers LIMIT ${BATCH_ROWS + 1}`);
  await cursor.fetchOne();
  if (!isForgotten) await cursor.close();
}
