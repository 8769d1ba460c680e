import { beforeEach, describe, expect, test } from 'vitest';
import type { EngineMockOptions, Phase } from '../src/index.js';
import { outcome, type TestClient } from './support/client.js';
import { type Bench, startBench } from './support/engine.js';

const MISMATCH = 'UNKNOWN Received HTTP status code 456';
const ANNOUNCE_MS = 100;
const DRAIN_MS = 100;

/** A client with a session and a query that has rows left. */
async function withQuery(client: TestClient): Promise<string> {
  await client.authenticate();
  return client.run('rows 100');
}

const unpinned = (client: TestClient): Promise<string> =>
  outcome(client.call('getSchemaNamesV2', { sessionId: client.sessionId, catalog: 'c' }));
const pinned = (client: TestClient, queryId: string): Promise<string> =>
  outcome(client.call('getNextResultBatch', client.of(queryId)));

/** The `new_strategy` of each call that has the field. */
async function announcements(client: TestClient): Promise<Set<string | undefined>> {
  const { queryId } = await client.prepare('rows 1');
  const of = client.of(queryId);
  const { sessionId } = client;
  const where = { sessionId, catalog: 'c', schema: 's', table: 't' };
  const answers = [
    await client.call('authenticate', { user: 'holdfast', password: 'holdfast' }),
    await client.execute(queryId),
    await client.call('executeStatementV2', { ...of, shouldNotCache: true, params: [] }),
    await client.call('getResultMetadata', of),
    await client.call('getNextResultBatch', of),
    await client.call('status', of),
    await client.call('explain', of),
    await client.call('explainAnalyze', of),
    await client.call('getSchemaNames', where),
    await client.call('getSchemaNamesV2', where),
    await client.call('getTables', where),
    await client.call('getTablesV2', where),
    await client.call('getColumns', where),
    await client.call('getColumnsV2', where),
    await client.clear(queryId),
  ];
  for (const end of ['clearOrCancelQuery', 'cancelQuery'] as const) {
    const again = await client.prepare('rows 1');
    answers.push(again, await client.call(end, client.of(again.queryId)));
  }
  return new Set(answers.map(({ newStrategy }) => newStrategy));
}

describe.each(['http', 'grpc'] as const)('the table of states, 456 as %s', (mismatchForm) => {
  const refused =
    mismatchForm === 'http' ? MISMATCH : 'UNKNOWN the deployment does not serve this call, status: 456';
  let bench: Bench;
  let query: string;

  beforeEach(async () => {
    bench = await startBench({ mismatchForm });
    query = await withQuery(bench.blue);
  });

  const shows = (phase: Phase, active: string): void =>
    expect(bench.engine.state()).toMatchObject({ phase, active });

  test('steady on A: A serves, B answers 456, nothing is announced', async () => {
    const { blue, green } = bench;
    shows('steady', 'blue');
    expect(await unpinned(blue)).toBe('OK');
    expect(await pinned(blue, query)).toBe('OK');
    expect(await outcome(green.authenticate())).toBe(refused);
    expect(await pinned(green, query)).toBe(refused);
    expect(await announcements(blue)).toEqual(new Set([undefined]));
  });

  test('announced: both serve everything and announce B', async () => {
    const { engine, blue, green } = bench;
    engine.switch();
    shows('announced', 'blue');
    expect(await unpinned(blue)).toBe('OK');
    expect(await pinned(blue, query)).toBe('OK');
    expect(await announcements(blue)).toEqual(new Set(['green']));
    const own = await withQuery(green);
    expect(await unpinned(green)).toBe('OK');
    expect(await pinned(green, own)).toBe('OK');
    expect(await announcements(green)).toEqual(new Set(['green']));
  });

  test('drain: A serves what is pinned, also an execute, and announces B; B serves and announces nothing', async () => {
    const { engine, clock, blue, green } = bench;
    const prepared = await blue.prepare('rows 1');
    engine.switch();
    clock.advance(ANNOUNCE_MS);
    shows('drain', 'green');
    expect(await unpinned(blue)).toBe(refused);
    expect(await outcome(blue.authenticate())).toBe(refused);
    expect(await outcome(blue.prepare('rows 1'))).toBe(refused);
    const of = blue.of(query);
    expect((await blue.execute(prepared.queryId)).newStrategy).toBe('green');
    expect((await blue.call('getResultMetadata', of)).newStrategy).toBe('green');
    expect((await blue.call('getNextResultBatch', of)).newStrategy).toBe('green');
    expect((await blue.call('status', of)).newStrategy).toBe('green');
    expect((await blue.call('explain', of)).newStrategy).toBe('green');
    expect((await blue.call('explainAnalyze', of)).newStrategy).toBe('green');
    expect((await blue.call('cancelQuery', blue.of(prepared.queryId))).newStrategy).toBe('green');
    await green.authenticate();
    expect(await announcements(green)).toEqual(new Set([undefined]));
    shows('drain', 'green');
  });

  test('off: A answers 456, and all that it had is destroyed; a later A is a new generation', async () => {
    const { engine, clock, sql, blue, green } = bench;
    engine.switch();
    clock.advance(ANNOUNCE_MS + DRAIN_MS);
    shows('steady', 'green');
    expect(await unpinned(blue)).toBe(refused);
    expect(await pinned(blue, query)).toBe(refused);
    expect(sql.openResults).toBe(0);
    await green.authenticate();
    expect(await announcements(green)).toEqual(new Set([undefined]));

    engine.switch();
    expect(engine.state()).toMatchObject({ next: 'blue', generation: { blue: 2, green: 1 } });
    expect(await unpinned(blue)).toBe('INTERNAL Access denied');
    await blue.authenticate();
    expect(await pinned(blue, query)).toBe(`NOT_FOUND query ${query} is not known on blue`);
  });

  test('switch back in drain: all is served, and A announced by both; A has kept what it had', async () => {
    const { engine, clock, blue, green } = bench;
    engine.switch();
    clock.advance(ANNOUNCE_MS);
    const own = await withQuery(green);
    engine.switch();
    expect(engine.state()).toMatchObject({ phase: 'announced', next: 'blue' });
    expect(await unpinned(blue)).toBe('OK');
    expect(await pinned(blue, query)).toBe('OK');
    expect(await unpinned(green)).toBe('OK');
    expect(await pinned(green, own)).toBe('OK');
    expect(await announcements(blue)).toEqual(new Set(['blue']));
    expect(await announcements(green)).toEqual(new Set(['blue']));
    // And the way back drains the other one.
    clock.advance(ANNOUNCE_MS);
    shows('drain', 'blue');
    expect(await unpinned(green)).toBe(refused);
    expect(await pinned(green, own)).toBe('OK');
    clock.advance(DRAIN_MS);
    shows('steady', 'blue');
    expect(await pinned(blue, query)).toBe('OK');
    expect(engine.state().generation).toEqual({ blue: 1, green: 2 });
  });
});

test('a switch can be taken back while it is only announced', async () => {
  const { engine, clock, blue } = await startBench();
  const query = await withQuery(blue);
  engine.switch({ to: 'green' });
  engine.switch({ to: 'blue' });
  expect((await blue.call('status', blue.of(query))).newStrategy).toBe('blue');
  clock.advance(ANNOUNCE_MS);
  // Green had no query, so there was nothing to wait for.
  expect(engine.state()).toMatchObject({ phase: 'steady', active: 'blue', switches: 1 });
  expect(await pinned(blue, query)).toBe('OK');
});

describe('the drain', () => {
  test('ends with the last query of A', async () => {
    const { engine, clock, blue } = await startBench();
    const first = await withQuery(blue);
    const second = (await blue.prepare('rows 1')).queryId;
    engine.switch();
    clock.advance(ANNOUNCE_MS);
    await blue.clear(first);
    expect(engine.state()).toMatchObject({ phase: 'drain', runningQueries: { blue: 1 } });
    expect((await blue.call('clearOrCancelQuery', blue.of(second))).newStrategy).toBe('green');
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'green', generation: { blue: 2 } });
    expect(clock.pending).toEqual([]);
  });

  test('does not begin where A has no query', async () => {
    const { engine, clock } = await startBench();
    engine.switch();
    clock.advance(ANNOUNCE_MS);
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'green' });
  });

  test('of no time destroys what runs', async () => {
    const { engine, blue } = await startBench();
    const query = await withQuery(blue);
    engine.switch({ announceMs: 0, drainMs: 0 });
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'green' });
    expect(await pinned(blue, query)).toBe(MISMATCH);
  });

  test('waits for a query that is read to its end but not cleared', async () => {
    const { engine, clock, blue } = await startBench();
    await blue.authenticate();
    const query = await blue.run('rows 1');
    expect([await blue.next(query), await blue.next(query), await blue.next(query)]).toEqual(['1', '', '']);
    engine.switch();
    clock.advance(ANNOUNCE_MS);
    expect(engine.state().phase).toBe('drain');
  });
});

describe('modes', () => {
  test('announced before it accepts: B answers 456 until the drain', async () => {
    const { engine, clock, blue, green } = await startBench({ announceBeforeAccept: true });
    const query = await withQuery(blue);
    engine.switch();
    expect((await blue.call('status', blue.of(query))).newStrategy).toBe('green');
    expect(await outcome(green.authenticate())).toBe(MISMATCH);
    clock.advance(ANNOUNCE_MS);
    expect(engine.state().phase).toBe('drain');
    expect(await outcome(green.authenticate())).toBe('OK');
  });

  test('and taken back before: B has never accepted anything', async () => {
    const { engine, clock, blue, green } = await startBench({ announceBeforeAccept: true });
    const query = await withQuery(blue);
    engine.switch();
    engine.switch();
    expect((await blue.call('status', blue.of(query))).newStrategy).toBe('blue');
    expect(await outcome(green.authenticate())).toBe(MISMATCH);
    expect(await unpinned(blue)).toBe('OK');
    clock.advance(ANNOUNCE_MS);
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'blue' });
  });

  test('lenient sessions: both colours take a session, also when the one that gave it is off', async () => {
    const { engine, clock, blue, green } = await startBench({ lenientSessions: true });
    await blue.authenticate();
    engine.switch();
    green.sessionId = blue.sessionId;
    expect(await unpinned(green)).toBe('OK');
    clock.advance(ANNOUNCE_MS + DRAIN_MS);
    expect(await unpinned(green)).toBe('OK');
    expect(engine.expireSessions()).toBe(1);
    expect(await unpinned(green)).toBe('INTERNAL Access denied');
  });

  test('strict sessions: each colour knows its own', async () => {
    const { engine, blue, green } = await startBench();
    await blue.authenticate();
    engine.switch();
    green.sessionId = blue.sessionId;
    expect(await unpinned(green)).toBe('INTERNAL Access denied');
    expect(await outcome(green.authenticate())).toBe('OK');
    expect(engine.state().sessions).toEqual({ blue: 1, green: 1 });
  });
});

describe('what begins a switch', () => {
  test('an interval, unless a switch is under way', async () => {
    const { engine, clock } = await startBench({ switchEveryMs: 1_000, announceMs: 1_500 });
    clock.advance(999);
    expect(engine.state().phase).toBe('steady');
    clock.advance(1);
    expect(engine.state()).toMatchObject({ phase: 'announced', next: 'green' });
    clock.advance(1_499);
    expect(engine.state()).toMatchObject({ phase: 'announced', next: 'green' });
    clock.advance(1);
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'green', switches: 1 });
    clock.advance(500);
    expect(engine.state()).toMatchObject({ phase: 'announced', next: 'blue' });
  });

  test('a call, with phases of its own', async () => {
    const { engine, clock, blue } = await startBench({ active: 'green' });
    engine.switch({ to: 'blue', announceMs: 7, drainMs: 9 });
    expect(clock.pending).toEqual([7]);
    clock.advance(7);
    expect(engine.state()).toMatchObject({ phase: 'steady', active: 'blue' });
    await withQuery(blue);
    engine.switch({ announceMs: 0, drainMs: 9 });
    expect(clock.pending).toEqual([9]);
  });

  const REFUSED: readonly (readonly [EngineMockOptions, () => object, string, string])[] = [
    [{}, () => ({ to: 'blue' }), 'SWITCH_REFUSED', 'blue is active already; switch to green'],
    [{}, () => ({ announceMs: -1 }), 'INVALID_OPTION', 'announceMs is -1; it must be a whole number from 0'],
    [{}, () => ({ drainMs: 1.5 }), 'INVALID_OPTION', 'drainMs is 1.5'],
  ];
  test.each(REFUSED)(
    '%#: what cannot be is refused and changes nothing',
    async (options, request, code, message) => {
      const { engine, clock } = await startBench(options);
      expect(() => engine.switch(request())).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(message) }),
      );
      expect(engine.state().phase).toBe('steady');
      expect(clock.pending).toEqual([]);
      engine.switch();
      expect(() => engine.switch({ to: 'green' })).toThrow('is switching to green already');
    },
  );
});
