import {
  type Connection,
  connect,
  DeploymentGoneError,
  inProcessStore,
  LostAfterSend,
  type QueryParameters,
  type QueryResult,
} from '@holdfast/strategy-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/index.js';
import { address, numbers, openWorld, shareTables, type World } from './support/world.js';

shareTables();

/** The columns of the table in engine-wire 4b, each with all that counts as it. */
const COLUMNS = {
  mismatch: {
    '456 over HTTP': { kind: 'http', status: 456 },
    '456 over gRPC': { kind: 'status', code: 2, message: 'the wrong one, status: 456' },
  },
  denied: { 'Access denied': { kind: 'status', code: 13, message: 'Access denied' } },
  unsent: {
    'no connection': { kind: 'status', code: 14, message: 'No connection established. Last error: x' },
    'a refused stream': { kind: 'status', code: 14, message: 'Stream refused by server' },
  },
  lostBefore: { 'a reset before it is processed': { kind: 'reset' } },
  lostAfter: {
    'a reset after it was processed': { kind: 'reset', when: 'after' },
    'a cut connection after it was processed': { kind: 'kill', when: 'after' },
    'DEADLINE_EXCEEDED after it was processed': { kind: 'status', code: 4, when: 'after' },
    'a bare 502 after it was processed': { kind: 'http', status: 502, when: 'after' },
    'a bare 503 that means no suspension': { kind: 'http', status: 503, when: 'after' },
  },
  notFound: { NOT_FOUND: { kind: 'status', code: 5, message: 'the query is not known' } },
} satisfies Record<string, Record<string, Fault>>;

type Column = keyof typeof COLUMNS;

/** How a call ends: well, or with this error; and how often the statement was executed by then. */
type Ending = readonly [string, number];

interface TableRow {
  readonly rpc: string;
  readonly idempotent?: boolean;
  /** What comes before the fault; the result makes the call that meets it. */
  readonly begin: (connection: Connection, sql: string) => Promise<() => Promise<unknown>>;
  readonly ends: Readonly<Record<Column, Ending>>;
}

const ends = (
  mismatch: Ending,
  denied: Ending,
  unsent: Ending,
  [lostBefore, lostAfter]: readonly [Ending, Ending],
  notFound: Ending,
): Record<Column, Ending> => ({ mismatch, denied, unsent, lostBefore, lostAfter, notFound });

const at =
  (act: (connection: Connection, sql: string) => Promise<unknown>): TableRow['begin'] =>
  async (connection, sql) => {
    await connection.session();
    return () => act(connection, sql);
  };

/** A call that needs no statement. */
const anywhere = (rpc: string, act: (connection: Connection) => Promise<unknown>): TableRow => ({
  rpc,
  begin: at(act),
  ends: ends(
    ['ok', 0],
    ['ok', 0],
    ['ok', 0],
    [
      ['ok', 0],
      ['ok', 0],
    ],
    ['QueryFailed', 0],
  ),
});

/** A call of a query that runs. */
const pinned = (
  rpc: string,
  act: (query: QueryResult, connection: Connection) => Promise<unknown>,
  notFound: string,
): TableRow => ({
  rpc,
  begin: async (connection, sql) => {
    const query = await connection.query(sql);
    return () => act(query, connection);
  },
  ends: ends(
    ['ok', 1],
    ['ok', 1],
    ['ok', 1],
    [
      ['ok', 1],
      ['ok', 1],
    ],
    [notFound, 1],
  ),
});

/** A call of a cursor's query. */
const asked = (what: 'status' | 'explain' | 'explainAnalyze'): TableRow => ({
  ...pinned(what, async () => {}, 'DeploymentGoneError'),
  begin: async (connection, sql) => {
    const cursor = connection.cursor();
    await cursor.execute(sql);
    return () => cursor[what]();
  },
});

/** A whole query, of which one call meets the fault. */
const query = (
  rpc: string,
  idempotent: boolean,
  endings: TableRow['ends'],
  params?: QueryParameters,
): TableRow => ({
  rpc,
  idempotent,
  begin: at(async (connection, sql) => {
    const text = params === undefined ? sql : sql.replace('LIMIT 9', 'LIMIT ?');
    return (await connection.query(text, params, { idempotent })).fetchAll();
  }),
  ends: endings,
});

const prepared = ends(
  ['ok', 1],
  ['ok', 1],
  ['ok', 1],
  [
    ['ok', 1],
    ['ok', 1],
  ],
  ['QueryFailed', 0],
);
const executed = (rpc: string): TableRow['ends'] =>
  ends(
    ['ok', 1],
    ['ok', 1],
    ['ok', 1],
    [
      [`LostAfterSend ${rpc} 0`, 0],
      [`LostAfterSend ${rpc} 0`, 1],
    ],
    ['ok', 1],
  );
const executedAgain: TableRow['ends'] = { ...prepared, lostAfter: ['ok', 2], notFound: ['ok', 1] };
const gone = (rpc: string): Ending => [`DeploymentGoneError ${rpc} 0`, 1];
const described = ends(
  gone('getResultMetadata'),
  ['ok', 1],
  ['ok', 1],
  [
    ['ok', 1],
    ['ok', 1],
  ],
  gone('getResultMetadata'),
);
const lost: Ending = ['LostAfterSend getNextResultBatch 0', 1];
const fetched = ends(
  gone('getNextResultBatch'),
  ['ok', 1],
  ['ok', 1],
  [lost, lost],
  gone('getNextResultBatch'),
);
const anew: Ending = ['ok', 2];

const ROWS: readonly TableRow[] = [
  {
    rpc: 'authenticate',
    begin: async (connection) => () => connection.ping(),
    ends: { ...anywhere('', async () => {}).ends, denied: ['AuthenticationError', 0] },
  },
  anywhere('getSchemaNamesV2', (connection) => connection.getSchemaNames()),
  anywhere('getTablesV2', (connection) => connection.getTables()),
  anywhere('getColumnsV2', (connection) => connection.getColumns({ table: 'desired_groups' })),
  anywhere('dryRun', (connection) => connection.dryRun('SELECT 1')),
  asked('status'),
  asked('explain'),
  asked('explainAnalyze'),
  query('prepareStatement', false, prepared),
  query('prepareStatementV2', false, prepared, [9]),
  query('executeStatement', false, executed('executeStatement')),
  query('executeStatement', true, executedAgain),
  query('executeStatementV2', false, executed('executeStatementV2'), [9]),
  query('executeStatementV2', true, executedAgain, [9]),
  query('getResultMetadata', false, described),
  query('getResultMetadata', true, { ...described, mismatch: anew, notFound: anew }),
  query('getNextResultBatch', false, fetched),
  query('getNextResultBatch', true, {
    ...fetched,
    mismatch: anew,
    lostBefore: anew,
    lostAfter: anew,
    notFound: anew,
  }),
  pinned('clearOrCancelQuery', (result) => result.close(), 'ok'),
  pinned('cancelQuery', ({ queryId }, connection) => connection.cancel(queryId), 'ok'),
  {
    ...pinned('clear', async () => {}, 'ok'),
    begin: async (connection, sql) => {
      const result = await connection.query(sql);
      // Who runs the query itself ends it by clearOrCancelQuery.
      const other = world.connect();
      await other.session();
      return () => other.clear(result.queryId);
    },
  },
];

/** Other faces of the same failures; they are told apart in one place, so that a row of each kind shows them. */
const FACES: ReadonlySet<string> = new Set([
  'a refused stream',
  'a cut connection after it was processed',
  'a bare 502 after it was processed',
  'a bare 503 that means no suspension',
]);
const SHOWING: ReadonlySet<string> = new Set([
  'getSchemaNamesV2',
  'executeStatement',
  'getNextResultBatch',
  'clearOrCancelQuery',
]);

const CELLS = ROWS.flatMap((row) =>
  Object.entries(COLUMNS).flatMap(([column, faults]) =>
    Object.entries<Fault>(faults)
      .filter(([what]) => SHOWING.has(row.rpc) || !FACES.has(what))
      .map(([what, fault]) => ({
        name: `${row.rpc}${row.idempotent ? ', idempotent,' : ''} meets ${what}`,
        row,
        fault,
        ending: row.ends[column as Column],
      })),
  ),
);

let world: World;
/** A connection with a session, which the cells of the table share. */
let shared: Connection;
let statements = 0;
beforeAll(async () => {
  world = await openWorld();
  shared = connect({ ...address(world.engine), store: inProcessStore(), retryBaseMs: 4, retryMaxMs: 40 });
});
afterAll(async () => {
  await shared.close();
  await world.engine.close();
});

/** A statement that no other test has; 9 rows, in three batches. */
const fresh = (): string => `${numbers(9)} OFFSET ${++statements}`;

const told = (error: unknown): string => {
  if (error instanceof LostAfterSend || error instanceof DeploymentGoneError)
    return `${error.name} ${error.rpc} ${error.rowsDelivered}`;
  return error instanceof Error ? error.name : String(error);
};

/** How often a statement was executed, with its limit as a literal or as a parameter. */
const executions = (sql: string): number =>
  world.executions(sql) + world.executions(sql.replace('LIMIT 9', 'LIMIT ?'));

describe('the table of what is repeated', () => {
  test.each(CELLS.map((cell) => [cell.name, cell] as const))(
    '%s',
    async (_, { row, fault, ending: [end, times] }) => {
      const connection = row.rpc === 'authenticate' ? world.connect() : shared;
      const sql = fresh();
      const act = await row.begin(connection, sql);
      world.engine.setFaults([{ ...fault, rpc: row.rpc, times: 1 }]);
      const ended = await act().then(() => 'ok', told);
      expect(ended.startsWith(end) ? end : ended).toBe(end);
      expect(world.engine.faults()).toEqual([]);
      expect(executions(sql)).toBe(times);
    },
  );
});

describe('beyond one fault', () => {
  const denied: Fault = { kind: 'status', code: 13, message: 'Access denied' };
  const mismatch: Fault = { kind: 'http', status: 456 };

  test.each(['getResultMetadata', 'getNextResultBatch'])(
    'a second Access denied to %s means that the deployment is gone',
    async (rpc) => {
      const connection = world.connect();
      world.engine.setFaults([{ ...denied, rpc, times: 2 }]);
      const run = async (): Promise<unknown> => (await connection.query(fresh())).fetchAll();
      expect(await run().then(() => 'ok', told)).toBe(`DeploymentGoneError ${rpc} 0`);
      world.engine.setFaults([{ ...denied, rpc, times: 2 }]);
      const again = await connection.query(fresh(), undefined, { idempotent: true });
      expect(await again.fetchAll()).toHaveLength(9);
    },
  );

  test('a deployment that denies every session is told, after the attempts that are allowed', async () => {
    const connection = world.connect({ maxRetryAttempts: 3 });
    world.engine.setFaults([{ ...denied, rpc: 'getSchemaNamesV2' }]);
    await expect(connection.ping()).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: expect.stringContaining('with 3 fresh sessions'),
    });
  });

  test('a 456 to the re-authentication of an execute has it prepared again', async () => {
    const connection = world.connect();
    const sql = fresh();
    await connection.session();
    world.engine.setFaults([
      { ...denied, rpc: 'executeStatement', times: 1 },
      { ...mismatch, rpc: 'authenticate', times: 1 },
    ]);
    const prepares = world.calls('prepareStatement').blue;
    expect(await (await connection.query(sql)).fetchAll()).toHaveLength(9);
    expect(world.calls('prepareStatement').blue).toBe(prepares + 2);
    expect(executions(sql)).toBe(1);
  });

  test('a 456 to the re-authentication of a fetch means that the deployment is gone', async () => {
    const connection = world.connect();
    const result = await connection.query(fresh());
    world.engine.setFaults([
      { ...denied, rpc: 'getNextResultBatch', times: 1 },
      { ...mismatch, rpc: 'authenticate', times: 1 },
    ]);
    expect(await result.fetchAll().then(() => 'ok', told)).toBe('DeploymentGoneError getNextResultBatch 0');
  });

  test.each([true, false])(
    'rows that were delivered are named, and never come twice (idempotent: %s)',
    async (idempotent) => {
      const connection = world.connect();
      const sql = fresh();
      const result = await connection.query(sql, undefined, { idempotent });
      expect(await result.fetchMany(4)).toHaveLength(4);
      world.engine.setFaults([{ kind: 'reset', when: 'after', rpc: 'getNextResultBatch', times: 1 }]);
      const failure: unknown = await result.fetchAll().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LostAfterSend);
      expect(failure).toMatchObject({ rpc: 'getNextResultBatch', code: 'LOST_AFTER_SEND', retryable: false });
      expect(failure).toHaveProperty('message', expect.stringMatching(/4 rows delivered.*idempotent: true/));
      // Not the end of the rows: whoever asks again is told again.
      await expect(result.fetchOne()).rejects.toBe(failure);
      expect(executions(sql)).toBe(1);
    },
  );

  test('what goes on failing ends after maxRetryAttempts, and says so', async () => {
    const connection = world.connect({ maxRetryAttempts: 3 });
    await connection.session();
    const before = world.calls('getSchemaNamesV2').blue;
    world.engine.setFaults([{ kind: 'reset', rpc: 'getSchemaNamesV2' }]);
    await expect(connection.ping()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('getSchemaNamesV2 had no answer in 3 attempts (maxRetryAttempts)'),
    });
    expect(world.calls('getSchemaNamesV2').blue).toBe(before + 3);
  });

  test('a query that is gone whenever it is to be executed ends after maxRetryAttempts', async () => {
    const connection = world.connect({ maxRetryAttempts: 3 });
    const sql = fresh();
    world.engine.setFaults([{ kind: 'status', code: 5, rpc: 'executeStatement' }]);
    await expect(connection.query(sql)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(executions(sql)).toBe(0);
  });

  test('an answer of the engine is final: bad SQL is told once', async () => {
    const connection = world.connect();
    world.engine.setFaults([]);
    const before = world.calls('prepareStatement').blue + world.calls('executeStatement').blue;
    await expect(connection.query('SELECT x FROM nowhere')).rejects.toMatchObject({
      name: 'QueryFailed',
      code: 'QUERY_FAILED',
      grpcCode: 3,
      retryable: false,
    });
    expect(world.calls('prepareStatement').blue + world.calls('executeStatement').blue).toBeLessThanOrEqual(
      before + 2,
    );
  });

  test('a batch that was cut is malformed, not the end of the rows', async () => {
    const connection = world.connect();
    world.engine.setFaults([{ kind: 'truncate', times: 1 }]);
    const result = await connection.query(fresh());
    for (let time = 0; time < 2; time++)
      await expect(result.fetchAll()).rejects.toMatchObject({ code: 'MALFORMED' });
  });
});
