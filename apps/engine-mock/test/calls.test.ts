import { connect } from 'node:http2';
import { QUERY_ENGINE_METHODS } from '@holdfast/strategy-client/protocol';
import { decodeMetadata } from '@holdfast/strategy-client/wire';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Counts } from '../src/counts.js';
import { MAX_COUNTED_TEXTS } from '../src/index.js';
import { outcome } from './support/client.js';
import { type Bench, startBench } from './support/engine.js';

/** What connections and cursors call; everything else of the service is not offered. */
const OFFERED = [
  'authenticate',
  'prepareStatement',
  'prepareStatementV2',
  'executeStatement',
  'executeStatementV2',
  'getResultMetadata',
  'getNextResultBatch',
  'explain',
  'explainAnalyze',
  'clear',
  'cancelQuery',
  'clearOrCancelQuery',
  'status',
  'getSchemaNames',
  'getSchemaNamesV2',
  'getTables',
  'getTablesV2',
  'getColumns',
  'getColumnsV2',
  'dryRun',
  'dryRunV2',
];
const OTHERS = QUERY_ENGINE_METHODS.filter((rpc) => !OFFERED.includes(rpc));

async function startWithSession(options: Parameters<typeof startBench>[0] = {}): Promise<Bench> {
  const bench = await startBench(options);
  await bench.blue.authenticate();
  return bench;
}

describe('a query', () => {
  test('is prepared, executed, read batch by batch and cleared', async () => {
    const { blue, engine, sql } = await startWithSession();
    const { queryId, engineIP, sessionId } = await blue.prepare('rows 3');
    expect(sessionId).toBe(blue.sessionId);
    expect(engineIP).toBe('planner-1.blue');
    const of = blue.of(queryId);
    expect(await blue.call('status', of)).toMatchObject({ status: false, rowCount: 0n });
    await blue.execute(queryId);
    expect(await blue.call('status', of)).toMatchObject({ status: true, rowCount: 3n });
    const { resultMetaData } = await blue.call('getResultMetadata', of);
    expect(decodeMetadata(resultMetaData)).toEqual({
      rowCount: 3n,
      columns: [{ name: 'n', type: 'LONG', zone: '', format: '' }],
    });
    const batches = [];
    for (let batch = 0; batch < 5; batch += 1) batches.push(await blue.next(queryId));
    expect(batches).toEqual(['1', '2', '3', '', '']);
    expect(engine.state().runningQueries).toEqual({ blue: 1, green: 0 });
    await blue.clear(queryId);
    expect(sql.openResults).toBe(0);
    expect(engine.state().runningQueries).toEqual({ blue: 0, green: 0 });
    for (const end of ['clear', 'clearOrCancelQuery', 'cancelQuery'] as const) {
      expect(await outcome(blue.call(end, of))).toBe(`NOT_FOUND query ${queryId} is not known on blue`);
    }
  });

  test('takes typed parameters', async () => {
    const { blue, sql } = await startWithSession();
    const { queryId } = await blue.prepare('rows 1');
    const params = [
      { index: 1, type: 'LONG', value: '7' },
      { index: 2, type: 'STRING', value: '' },
    ];
    await blue.call('executeStatementV2', { ...blue.of(queryId), shouldNotCache: false, params });
    expect(sql.executed).toEqual(['rows 1 1:LONG:7 2:STRING:']);
  });

  test('that is executed twice is run twice, and both count', async () => {
    const { blue, engine, sql } = await startWithSession();
    const query = await blue.run('rows 2');
    expect(await blue.next(query)).toBe('1');
    await blue.execute(query);
    expect(await blue.next(query)).toBe('1');
    expect(sql.openResults).toBe(1);
    expect(engine.state().executions).toEqual({ 'rows 2': 2 });
  });

  test('has no rows before it is executed', async () => {
    const { blue } = await startWithSession();
    const { queryId } = await blue.prepare('rows 1');
    for (const rpc of ['getResultMetadata', 'getNextResultBatch'] as const) {
      expect(await outcome(blue.call(rpc, blue.of(queryId)))).toBe(
        `FAILED_PRECONDITION query ${queryId} has not been executed; call executeStatement first`,
      );
    }
  });

  test('fails with what the SQL engine says, and counts as not executed', async () => {
    const { blue, engine } = await startWithSession();
    expect(await outcome(blue.prepare('bad'))).toBe('INVALID_ARGUMENT near "bad": bad');
    expect(await outcome(blue.run('fails'))).toBe('INVALID_ARGUMENT it fails');
    expect(engine.state().executions).toEqual({});
    expect(engine.state().runningQueries.blue).toBe(1);
  });

  test('explains itself', async () => {
    const { blue } = await startWithSession();
    const query = await blue.run('rows 2');
    await blue.next(query);
    expect((await blue.call('explain', blue.of(query))).explain).toBe('plan of rows 2');
    const analysis = await blue.call('explainAnalyze', blue.of(query));
    expect(analysis).toMatchObject({ isCached: false, parsingTime: 0n, queueingTime: 0n });
    expect(JSON.parse(analysis.explainAnalyze)).toMatchObject({
      queryId: query,
      deployment: 'blue',
      query: 'rows 2',
      rows: '2',
      rowsDelivered: '1',
      plan: ['plan of rows 2'],
    });
  });

  test('that nobody clears makes room for others', async () => {
    const { blue, engine, sql } = await startWithSession({ maxQueries: 2 });
    const [first, second] = [await blue.run('rows 9'), await blue.run('rows 9')];
    await blue.next(first);
    await blue.run('rows 9');
    expect(await blue.next(first)).toBe('2');
    expect(await outcome(blue.next(second))).toBe(`NOT_FOUND query ${second} is not known on blue`);
    expect(sql.openResults).toBe(2);
    expect(engine.state().runningQueries.blue).toBe(2);
  });
});

test('the calls of catalogs pass on what they are asked', async () => {
  const { blue } = await startWithSession();
  const where = { sessionId: blue.sessionId, catalog: 'c', schema: 's', table: 't' };
  expect((await blue.call('getSchemaNames', where)).schemas).toEqual(['schema of ']);
  expect((await blue.call('getSchemaNamesV2', where)).schemas).toEqual(['schema of c']);
  expect((await blue.call('getTables', where)).tables).toEqual(['table of .s']);
  expect((await blue.call('getTablesV2', where)).tables).toEqual(['table of c.s']);
  const fields = [{ fieldName: 'column of t', fieldType: 'LONG' }];
  expect((await blue.call('getColumns', where)).fieldInfo).toEqual(fields);
  expect((await blue.call('getColumnsV2', where)).fieldInfo).toEqual(fields);
  const dry = { engineIP: '', sessionId: blue.sessionId, schema: 's', catalog: 'c', queryString: 'q' };
  expect((await blue.call('dryRun', dry)).dryrunValue).toBe('.s: q');
  expect((await blue.call('dryRunV2', dry)).dryrunValue).toBe('c.s: q');
});

test('every other call of the service is UNIMPLEMENTED, with a message', async () => {
  const { engine } = await startBench();
  expect(OTHERS).toHaveLength(QUERY_ENGINE_METHODS.length - OFFERED.length);
  for (const rpc of OTHERS) {
    const answer = await raw(engine.port, `/QueryEngineService/${rpc}`);
    expect(answer['grpc-status']).toBe('12');
    expect(decodeURIComponent(String(answer['grpc-message']))).toBe(
      `this engine has no ${rpc}; it has what connections and cursors call`,
    );
  }
});

test('calls that no table names are UNIMPLEMENTED, too, and counted under one name', async () => {
  const { engine } = await startBench();
  for (const path of [
    '/QueryEngineService/x',
    '/QueryEngineService/y',
    '/ClusterService/x',
    '/Other/x',
    '/',
  ]) {
    expect(await raw(engine.port, path)).toMatchObject({ ':status': 200, 'grpc-status': '12' });
  }
  expect(engine.state().calls).toEqual({ unknown: { blue: 2, green: 0 } });
});

test('456 is a status and nothing else', async () => {
  const { engine } = await startBench();
  const answer = await raw(engine.port, '/QueryEngineService/authenticate', 'green');
  expect(Object.keys(answer).filter((name) => name !== 'date')).toEqual([':status']);
  expect(answer[':status']).toBe(456);
});

test('and in its other form a gRPC status without a message', async () => {
  const { engine } = await startBench({ mismatchForm: 'grpc' });
  expect(await raw(engine.port, '/QueryEngineService/authenticate', 'green')).toMatchObject({
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': '2',
    'grpc-message': expect.stringContaining('status: 456'),
  });
});

describe('limits', () => {
  test('a message above the limit is RESOURCE_EXHAUSTED, in both directions', async () => {
    const { blue } = await startWithSession({ maxMessageBytes: 20_000 });
    expect(await outcome(blue.prepare('x'.repeat(19_000)))).toBe('OK');
    expect(await outcome(blue.prepare('x'.repeat(20_000)))).toMatch(/^RESOURCE_EXHAUSTED /);
    const query = await blue.run('bytes 30000');
    expect(await outcome(blue.next(query))).toMatch(/^RESOURCE_EXHAUSTED /);
  });

  test('batches of many MiB, many at a time', async () => {
    const { blue } = await startWithSession();
    const size = 5 * 1024 * 1024;
    const queries = await Promise.all(Array.from({ length: 6 }, () => blue.run(`bytes ${size}`)));
    const lengths = queries.map(async (query) => {
      const { resultBatch } = await blue.call('getNextResultBatch', blue.of(query));
      return resultBatch.length;
    });
    expect(await Promise.all(lengths)).toEqual(queries.map(() => size));
  });

  test('texts are counted up to a number, long ones by their digest', () => {
    const counts = new Counts(2);
    const long = (end: string): string => 'x'.repeat(2_000) + end;
    for (const text of [long('a'), long('b'), long('a'), 'c']) counts.execution(text);
    const { executions, forgottenTexts } = counts.snapshot();
    expect(Object.values(executions)).toEqual([2, 1]);
    expect(Object.keys(executions)[0]).toMatch(/^x{200}… sha256:[0-9a-f]{64}$/);
    expect(forgottenTexts).toBe(1);
    expect(MAX_COUNTED_TEXTS).toBe(100_000);
  });
});

/** The headers and trailers that come back for an empty message. */
async function raw(port: number, path: string, strategy = 'blue'): Promise<Record<string, unknown>> {
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    strategy,
  });
  const received: Record<string, unknown> = {};
  stream.on('response', (headers) => Object.assign(received, headers));
  stream.on('trailers', (headers) => Object.assign(received, headers));
  stream.end(Buffer.alloc(5));
  stream.resume();
  await new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
  return received;
}
