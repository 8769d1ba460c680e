import { type Connection, StrategyClientError } from '@holdfast/strategy-client';
import { type Random, seededRandom } from '../../seeded-random.js';
import { between } from '../plan/between.js';

/** How an ad-hoc query ended; wall time in ms since 1970. */
export interface QueryEnd {
  readonly time: number;
  readonly tag: string;
  readonly outcome: 'ok' | 'failed' | 'wrong';
  readonly rows: number;
  readonly tookMs: number;
  readonly error?: string;
}

/** Rows of a query: a handful, some batches, and many that a switch overtakes. */
const SIZES: readonly (readonly [number, number])[] = [
  [1, 40],
  [300, 900],
  [1_500, 5_000],
];
const MOST_OFFSET = 1_000_000;
/** Ms between two queries of a lane, and most ms that a reader takes over some rows. */
const PAUSE_MS: readonly [number, number] = [20, 150];
const READ_MS = 20;
const READ_ROWS = 250;

/** Rows that were not asked for, or not in this order. */
class WrongRows extends Error {}

/** One query after the other, none of them idempotent, until the signal aborts; each checks all of its rows. */
export async function lane(
  connection: Connection,
  o: {
    readonly n: number;
    readonly seed: number;
    readonly calm: AbortSignal;
    readonly ended: (end: QueryEnd) => void;
  },
): Promise<void> {
  const random = seededRandom(o.seed + o.n);
  for (let count = 1; !o.calm.aborted; count++) {
    o.ended(await one(connection, `q-${o.n}-${count}`, random));
    await pause(between(random, ...PAUSE_MS));
  }
}

async function one(connection: Connection, tag: string, random: Random): Promise<QueryEnd> {
  const [least, most] = SIZES[Math.floor(random() * SIZES.length)] ?? [1, 1];
  const limit = between(random, least, most);
  const offset = between(random, 0, MOST_OFFSET);
  const sql = `SELECT /* ${tag} */ n, name FROM builtin.generated.numbers LIMIT ${limit} OFFSET ${offset}`;
  const began = performance.now();
  let rows = 0;
  const end = (outcome: QueryEnd['outcome'], error?: string): QueryEnd => {
    const tookMs = Math.round(performance.now() - began);
    return { time: Date.now(), tag, outcome, rows, tookMs, ...(error !== undefined && { error }) };
  };
  try {
    const result = await connection.query(sql);
    for await (const [n, name] of result) {
      const wanted = offset + ++rows;
      if (n !== BigInt(wanted) || name !== `row ${wanted}`)
        throw new WrongRows(`row ${rows} is ${n}, ${name}; it should be ${wanted}`);
      if (rows % READ_ROWS === 0) await pause(random() * READ_MS);
    }
    return rows === limit ? end('ok') : end('wrong', `${rows} rows for ${limit}`);
  } catch (error) {
    if (error instanceof WrongRows) return end('wrong', error.message);
    return end(
      'failed',
      error instanceof StrategyClientError ? `${error.code}: ${error.message}` : String(error),
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
