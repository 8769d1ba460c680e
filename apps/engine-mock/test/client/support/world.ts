import {
  type Connection,
  type ConnectWithManagerOptions,
  connect,
  inProcessStore,
  type QueryParameters,
  type Row,
} from '@holdfast/strategy-client';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Both, type EngineMock, type EngineMockOptions, startEngineMock } from '../../../src/index.js';
import { openSqlEngine } from '../../../src/sql/open-sql-engine.js';
import type { SqlEngine } from '../../../src/sql/query-source.js';
import { ManualClock } from '../../support/manual-clock.js';

/** How long each phase of a switch lasts, on the engine's clock. */
export const PHASE_MS = 1_000;

/** An engine whose phases the test moves, and connections to it. Everything is closed when the test ends. */
export class World {
  readonly engine: EngineMock;
  /** Moves phases, resumes and delays of faults. */
  readonly clock: ManualClock;

  constructor(engine: EngineMock, clock: ManualClock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** A connection that shares what it knows with no other, unless its options say so. Pauses are short. */
  connect(o: Partial<ConnectWithManagerOptions> = {}): Connection {
    const connection = connect({
      ...address(this.engine),
      store: inProcessStore(),
      retryBaseMs: 4,
      retryMaxMs: 40,
      ...o,
    });
    onTestFinished(() => connection.close());
    return connection;
  }

  /** Begins a switch: both deployments serve, and announce the new one. */
  announce(): void {
    this.engine.switch();
  }

  /** The old deployment takes nothing new any more, but serves its queries. */
  drain(): void {
    this.clock.advance(PHASE_MS);
  }

  /** The old deployment ends, with whatever it still has. */
  turnOff(): void {
    this.clock.advance(PHASE_MS);
  }

  /** A switch without announcement or drain. */
  cutOver(): void {
    this.engine.switch({ announceMs: 0, drainMs: 0 });
  }

  /** How often the deployments were given a call. */
  calls(rpc: string): Both<number> {
    return this.engine.state().calls[rpc] ?? { blue: 0, green: 0 };
  }

  /** How often a statement was executed. */
  executions(sql: string): number {
    return this.engine.state().executions[sql] ?? 0;
  }
}

/** Options of a connection to an engine. */
export const address = (
  engine: EngineMock,
): Pick<ConnectWithManagerOptions, 'host' | 'port' | 'username' | 'password'> => ({
  host: '127.0.0.1',
  port: engine.port,
  username: 'holdfast',
  password: 'holdfast',
});

/** A world that is closed when the test ends. */
export async function startWorld(o: EngineMockOptions = {}): Promise<World> {
  const world = await openWorld(o);
  onTestFinished(() => world.engine.close());
  return world;
}

/** A world whose engine the caller closes, for a file whose tests share it. */
export async function openWorld(o: EngineMockOptions = {}): Promise<World> {
  const clock = new ManualClock();
  const engine = await startEngineMock({
    port: 0,
    adminPort: false,
    announceMs: PHASE_MS,
    drainMs: PHASE_MS,
    resumeDelayMs: PHASE_MS,
    closeTimeoutMs: 200,
    seed: 'seed',
    clock,
    sql: sharedSql(o.batchRows ?? 4),
    ...o,
  });
  return new World(engine, clock);
}

const shared = new Map<number, SqlEngine>();
let sharing = false;

/** The sample tables are the dear part of an engine: the worlds of a file that calls this share them until its end. */
export function shareTables(): void {
  beforeAll(() => {
    sharing = true;
  });
  afterAll(() => {
    sharing = false;
    for (const sql of shared.values()) sql.close();
    shared.clear();
  });
}

function sharedSql(batchRows: number): SqlEngine {
  if (!sharing) throw new Error('a file that opens worlds calls shareTables() first');
  const known = shared.get(batchRows) ?? openSqlEngine({ batchRows });
  shared.set(batchRows, known);
  return {
    prepare: (statement) => known.prepare(statement),
    schemas: (catalog) => known.schemas(catalog),
    tables: (where) => known.tables(where),
    columns: (where) => known.columns(where),
    explain: (statement) => known.explain(statement),
    dryRun: (statement) => known.dryRun(statement),
    close: () => {},
  };
}

/** All rows of a query. */
export async function rowsOf(connection: Connection, sql: string, params?: QueryParameters): Promise<Row[]> {
  return (await connection.query(sql, params)).fetchAll();
}

/** A statement that gives the numbers from 1, in batches of the engine's size. */
export const numbers = (count: number): string => `SELECT n FROM builtin.generated.numbers LIMIT ${count}`;

/** What `numbers` gives. */
export const numbered = (count: number): Row[] => Array.from({ length: count }, (_, at) => [BigInt(at + 1)]);
