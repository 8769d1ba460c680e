import { rm } from 'node:fs/promises';
import { connect } from '@holdfast/strategy-client';
import { decodeBatch, decodeMetadata } from '@holdfast/strategy-client/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, startBench } from '../support/engine.js';
import { makeStubs, type Outcome, PythonClient } from './python-client.js';

/** gRPC's C core as a client of the engine, through a switch from its beginning to its end and back (engine-wire 1.3, 4d). */

const PHASE_MS = 100;
const STEPS = [
  'authenticate',
  'prepareStatementV2',
  'executeStatementV2',
  'getResultMetadata',
  'getNextResultBatch',
  'status',
  'explain',
  'explainAnalyze',
  'clearOrCancelQuery',
];
const SQL = 'SELECT n, name FROM generated.numbers LIMIT 250';
const SAME_BYTES = [
  SQL,
  'SELECT * FROM types.vectors',
  'SELECT * FROM types.constants',
  'SELECT * FROM iceberg.lab.readings LIMIT 250',
];

let stubs: string;
beforeAll(async () => {
  stubs = await makeStubs();
});
afterAll(() => rm(stubs, { recursive: true, force: true }));

async function start(form: 'http' | 'grpc'): Promise<Bench & { readonly python: PythonClient }> {
  const bench = await startBench({ sql: undefined, batchRows: 100, mismatchForm: form });
  return { ...bench, python: await PythonClient.connect(bench.engine.address, stubs) };
}

/** What all steps of a query announce. */
const all = (word: string | null): Readonly<Record<string, string | null>> =>
  Object.fromEntries(STEPS.map((rpc) => [rpc, word]));

const on = (strategy: string, engineIP?: string): [string, string][] => [
  ...(engineIP === undefined ? [] : [['plannerip', engineIP] satisfies [string, string]]),
  ['cluster-name', 'prod'],
  ['strategy', strategy],
];

/** A query that Python has prepared, and its calls. */
class OpenQuery {
  readonly #python: PythonClient;
  readonly strategy: string;
  readonly session: string;
  readonly engineIP: string;
  readonly queryId: string;

  private constructor(python: PythonClient, o: { strategy: string; session: string } & Prepared) {
    this.#python = python;
    this.strategy = o.strategy;
    this.session = o.session;
    this.engineIP = o.engineIP;
    this.queryId = o.queryId;
  }

  static async prepare(python: PythonClient, strategy: string): Promise<OpenQuery> {
    const session = await sessionOn(python, strategy);
    const fields = { sessionId: session, schema: '', catalog: 'builtin', queryString: SQL };
    const { reply } = await python.call('prepareStatementV2', fields, on(strategy));
    return new OpenQuery(python, { strategy, session, ...preparedOf(reply) });
  }

  call(rpc: string, session: string = this.session): Promise<Outcome> {
    const { engineIP, queryId } = this;
    return this.#python.call(rpc, { engineIP, queryId, sessionId: session }, on(this.strategy, engineIP));
  }
}

interface Prepared {
  readonly engineIP: string;
  readonly queryId: string;
}

function preparedOf(reply: Outcome['reply']): Prepared {
  return { engineIP: String(reply?.['engineIP']), queryId: String(reply?.['queryId']) };
}

function authenticate(
  python: PythonClient,
  headers: readonly (readonly [string, string])[],
  password = 'holdfast',
): Promise<Outcome> {
  return python.call('authenticate', { user: 'holdfast', password }, headers);
}

async function sessionOn(python: PythonClient, strategy: string): Promise<string> {
  const { reply } = await authenticate(python, on(strategy));
  return String(reply?.['sessionId']);
}

describe.each(['http', 'grpc'] as const)('456 as %s', (form) => {
  const details =
    form === 'http'
      ? 'Received http2 header with status: 456'
      : 'the deployment does not serve this call, status: 456';
  const refused = { code: 'UNKNOWN', details };
  const denied = { code: 'INTERNAL', details: 'Access denied' };

  test('the whole life of a switch', async () => {
    const { engine, clock, python } = await start(form);

    // Steady on blue.
    expect((await python.query('blue', SQL)).announced).toEqual(all(null));
    expect((await python.query('green', SQL)).failed).toEqual({ rpc: 'authenticate', ...refused });
    expect(await authenticate(python, [])).toEqual(refused);
    expect(await authenticate(python, on('blue'), 'wrong')).toMatchObject({ code: 'UNAUTHENTICATED' });
    const running = await OpenQuery.prepare(python, 'blue');
    expect((await running.call('executeStatementV2')).reply).toEqual({ sessionId: running.session });
    expect(await running.call('status', 'no-session')).toEqual(denied);
    const waiting = await OpenQuery.prepare(python, 'blue');

    // Announced: both serve, and say green; a session belongs to one of them.
    engine.switch({ announceMs: PHASE_MS, drainMs: PHASE_MS });
    expect((await python.query('blue', SQL)).announced).toEqual(all('green'));
    expect((await python.query('green', SQL)).announced).toEqual(all('green'));
    const green = await OpenQuery.prepare(python, 'green');
    expect(await green.call('executeStatementV2', running.session)).toEqual(denied);
    expect(await running.call('getNextResultBatch', green.session)).toEqual(denied);

    // Drain: blue serves what it has, also the first execution of what was prepared there, and says green.
    clock.advance(PHASE_MS);
    expect((await python.query('blue', SQL)).failed).toEqual({ rpc: 'authenticate', ...refused });
    expect((await waiting.call('executeStatementV2')).reply).toMatchObject({ new_strategy: 'green' });
    expect((await running.call('getNextResultBatch')).reply).toMatchObject({ new_strategy: 'green' });
    expect((await python.query('green', SQL)).announced).toEqual(all(null));

    // Back in the middle of it: both serve, and say blue, which has all it had.
    engine.switch({ announceMs: PHASE_MS, drainMs: PHASE_MS });
    expect((await python.query('blue', SQL)).announced).toEqual(all('blue'));
    expect((await running.call('getNextResultBatch')).reply).toMatchObject({ new_strategy: 'blue' });
    expect((await green.call('status')).reply).toMatchObject({ new_strategy: 'blue' });

    // And forth again, to the end: blue has no query left and is off.
    engine.switch({ announceMs: PHASE_MS, drainMs: PHASE_MS });
    clock.advance(PHASE_MS);
    expect((await waiting.call('clearOrCancelQuery')).reply).toMatchObject({ new_strategy: 'green' });
    expect((await running.call('cancelQuery')).reply).toMatchObject({ new_strategy: 'green' });
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'green' });
    expect(await running.call('getNextResultBatch')).toEqual(refused);
    expect(await running.call('clearOrCancelQuery')).toEqual(refused);
    expect((await python.query('green', SQL)).announced).toEqual(all(null));

    // A later blue is another one.
    engine.switch({ announceMs: PHASE_MS, drainMs: PHASE_MS });
    expect(await running.call('getNextResultBatch')).toEqual(denied);
    const session = await sessionOn(python, 'blue');
    expect(await running.call('getNextResultBatch', session)).toEqual({
      code: 'NOT_FOUND',
      details: `query ${running.queryId} is not known on blue`,
    });
  });

  test('suspended: 503 until the cluster service has resumed it', async () => {
    const { engine, clock, python } = await start(form);
    engine.suspend();
    const unavailable = { code: 'UNAVAILABLE', details: 'Received http2 header with status: 503' };
    expect(await authenticate(python, on('blue'))).toEqual(unavailable);
    expect(await python.cluster('status')).toEqual({ reply: { status: 'suspended' } });
    expect(await python.cluster('resume')).toEqual({ reply: { status: 'resuming' } });
    expect(await authenticate(python, on('blue'))).toEqual(unavailable);
    clock.advance(1_000);
    expect(await python.cluster('status')).toEqual({ reply: { status: 'active' } });
    expect((await python.query('blue', SQL)).announced).toEqual(all(null));
  });
});

test('the same bytes in both languages', async () => {
  const { engine, blue, python } = await start('http');
  await using connection = connect({
    ...{ host: '127.0.0.1', port: engine.port, username: 'holdfast', password: 'holdfast' },
    catalog: 'builtin',
  });
  const { sessionId } = await blue.authenticate();
  for (const sql of SAME_BYTES) {
    const { metadata = '', batches = [] } = await python.query('blue', sql);

    const where = { sessionId, schema: '', catalog: 'builtin', queryString: sql, quoting: '' };
    const { queryId, engineIP } = await blue.call('prepareStatementV2', where);
    const of = { sessionId, queryId, engineIP };
    await blue.call('executeStatementV2', { ...of, shouldNotCache: false, params: [] });
    expect(hex((await blue.call('getResultMetadata', of)).resultMetaData)).toBe(metadata);
    for (const batch of [...batches, ''])
      expect(hex((await blue.call('getNextResultBatch', of)).resultBatch)).toBe(batch);

    const { columns } = decodeMetadata(Buffer.from(metadata, 'hex'));
    const rows = batches.flatMap((batch) => decodeBatch(columns, Buffer.from(batch, 'hex')));
    const result = await connection.query(sql);
    expect(result.columns).toEqual(columns);
    expect(await result.fetchAll()).toEqual(rows);
    expect(rows.length).toBe(Number(result.rowCount));
  }
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
