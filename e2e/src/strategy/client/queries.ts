import type { Connection, ExecuteOptions } from '@holdfast/strategy-client';
import { pause } from '../../coordination/now.js';
import type { Random } from '../../seeded-random.js';
import type { QueryKind } from './protocol.js';

/** What a query works with. */
export interface Ask {
  readonly connection: Connection;
  readonly tag: string;
  readonly random: Random;
  readonly options: ExecuteOptions;
  /** How long the reader works on each batch at most, ms. */
  readonly readMs: number;
  /** The reader has got a row more. */
  readonly got: () => void;
}

/** The rows are not those that were asked for. */
export class WrongRows extends Error {
  override readonly name = 'WrongRows';
}

/** Rows of one batch; the engine is started with this limit. */
export const BATCH_ROWS = 100;

/** Runs one query of each kind, with a text of its own, and checks all of its result: order, number and contents. */
export const QUERIES: Readonly<Record<QueryKind, (ask: Ask) => Promise<void>>> = {
  async numbers(ask) {
    const { connection, tag, random, options } = ask;
    const count = 110 + Math.floor(random() * 150);
    const offset = Math.floor(random() * 1_000_000);
    const sql = `SELECT /* ${tag} */ n, name FROM builtin.generated.numbers LIMIT ${count} OFFSET ${offset}`;
    const result = await connection.query(sql, undefined, options);
    let sum = 0n;
    let at = 0;
    for await (const [n, name] of result) {
      at++;
      check(n === BigInt(offset + at) && name === `row ${offset + at}`, `row ${at} is ${n}, ${name}`);
      sum += BigInt(offset + at);
      await got(ask, at);
    }
    check(at === count, `${at} rows for ${count}`);
    check(sum === (BigInt(count) * BigInt(2 * offset + count + 1)) / 2n, `the sum is ${sum}`);
  },

  async readings(ask) {
    const { connection, tag, random, options } = ask;
    const first = 1 + Math.floor(random() * 9_000);
    const last = first + 100 + Math.floor(random() * 120);
    const sql = `SELECT /* ${tag} */ id, celsius FROM iceberg.lab.readings WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id`;
    const result = await connection.query(sql, { first, last }, options);
    let at = 0;
    for await (const [id, celsius] of result) {
      const n = first + at++;
      const wanted = n % 97 === 0 ? null : ((n * 37) % 4000) / 100 - 10;
      check(id === BigInt(n) && celsius === wanted, `row ${at} is ${id}, ${celsius} for ${n}, ${wanted}`);
      await got(ask, at);
    }
    check(at === last - first + 1, `${at} rows from ${first} to ${last}`);
  },

  async small(ask) {
    const { connection, tag, options } = ask;
    const sql = `SELECT /* ${tag} */ name, credit_limit FROM hive.sales.customers WHERE country = %(country)s`;
    const cursor = connection.cursor();
    await cursor.execute(sql, { country: 'SE' }, options);
    const rows = await cursor.fetchAll();
    for (const _ of rows) ask.got();
    check(JSON.stringify(rows) === '[["Björn Lindqvist","12500.50"]]', `rows ${JSON.stringify(rows)}`);
    await cursor.close();
  },

  async typed(ask) {
    const { connection, tag, random, options } = ask;
    const number = BigInt(Math.floor(random() * 2 ** 53)) * 1_000n;
    const text = `it's \\ ${tag}`;
    const values = [number, text, null, true];
    const result = await connection.query(
      `SELECT /* ${tag} */ ? AS n, ? AS t, ? AS z, ? AS b`,
      values,
      options,
    );
    const rows = await result.fetchAll();
    for (const _ of rows) ask.got();
    const [row = [], ...more] = rows;
    check(more.length === 0 && row[0] === number && row[1] === text && row[2] === null, `row ${row.join()}`);
  },

  async insert(ask) {
    const { connection, tag, options } = ask;
    const sql = `INSERT /* ${tag} */ INTO hive.ops.desired_groups (group_id) VALUES ('${tag}')`;
    affects(await (await connection.query(sql, undefined, options)).fetchAll());
  },

  async update(ask) {
    const { connection, tag, options } = ask;
    const sql = `UPDATE /* ${tag} */ hive.sales.products SET stock = stock + 1 WHERE sku = ?`;
    affects(await (await connection.query(sql, ['PEN-99'], options)).fetchAll());
  },

  async explain(ask) {
    const { connection, tag, options } = ask;
    const cursor = connection.cursor();
    await cursor.execute(`SELECT /* ${tag} */ count(*) FROM hive.sales.orders`, undefined, options);
    check((await cursor.explain()).includes('orders'), 'the plan is of another table');
    check((await cursor.status()).status, 'the query is not executed');
    check((await cursor.fetchAll()).flat().join() === '4', 'the orders are not counted');
    ask.got();
    await cursor.close();
  },
};

async function got(ask: Ask, rows: number): Promise<void> {
  ask.got();
  if (rows % BATCH_ROWS === 0) await pause(ask.random() * ask.readMs);
}

function affects(rows: readonly (readonly unknown[])[]): void {
  check(rows.flat().join() === '1', `it changed ${rows.flat().join()} rows`);
}

function check(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new WrongRows(otherwise);
}
