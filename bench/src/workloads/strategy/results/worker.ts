import { type Connection, connect } from '@holdfast/strategy-client';
import { BenchError } from '../../../harness/bench-error.js';
import { nowMs } from '../../../harness/clock.js';
import type { Round } from '../../../harness/rounds.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { BareQueries } from '../end-to-end/bare-queries.js';
import { CATALOG, CLUSTER, PASSWORD, SCHEMA, statementFor, USER } from '../end-to-end/statement.js';
import {
  READERS,
  type Reader,
  type ResultsOrder,
  type ResultsReport,
  type ResultsWorker,
} from './protocol.js';

interface Opened {
  readonly bare: BareQueries;
  readonly connection: Connection;
}

let opened: Opened | null = null;

function sides(): Opened {
  if (opened === null) throw new Error('open() comes first');
  return opened;
}

async function read(reader: Reader, rows: number): Promise<void> {
  const { bare, connection } = sides();
  const statement = statementFor(rows);
  if (reader === 'bare') return bare.query(statement);
  let came = 0;
  for await (const _ of await connection.query(statement)) came += 1;
  if (came !== rows) throw new BenchError('WRONG_REPLY', `${came} rows came instead of ${rows}`);
}

async function results({ rows, queries }: ResultsOrder): Promise<Round<ResultsReport>> {
  const reports: Record<Reader, ResultsReport> = { bare: NOTHING, client: NOTHING };
  const order = [...READERS];
  for (let n = 0; n < queries; n += 1) {
    for (const reader of order) {
      const cpuBefore = process.cpuUsage();
      const begunAt = nowMs();
      await read(reader, rows);
      const elapsedMs = nowMs() - begunAt;
      const { user, system } = process.cpuUsage(cpuBefore);
      reports[reader] = sum(reports[reader], { rows, elapsedMs, cpuUs: user + system });
    }
    order.reverse();
  }
  return reports;
}

const NOTHING: ResultsReport = { rows: 0, elapsedMs: 0, cpuUs: 0 };

function sum(one: ResultsReport, other: ResultsReport): ResultsReport {
  return {
    rows: one.rows + other.rows,
    elapsedMs: one.elapsedMs + other.elapsedMs,
    cpuUs: one.cpuUs + other.cpuUs,
  };
}

serveWorker<ResultsWorker>({
  async open({ port }) {
    const connection = connect({
      ...{ host: '127.0.0.1', port, username: USER, password: PASSWORD },
      ...{ catalog: CATALOG, database: SCHEMA, clusterName: CLUSTER },
    });
    opened = { bare: await BareQueries.open(port), connection };
  },
  results,
  async close() {
    const { bare, connection } = sides();
    await connection.close();
    bare.close();
  },
});
