import { describe, expect, test } from 'vitest';
import { outcome } from './support/client.js';
import { startBench } from './support/engine.js';

const DENIED = 'INTERNAL Access denied';

describe('sessions', () => {
  test('only the one user can open one', async () => {
    const { blue, engine } = await startBench({ user: 'u', password: 'p' });
    const ask = (user: string, password: string): Promise<string> =>
      outcome(blue.call('authenticate', { user, password }));
    expect(await ask('u', 'p')).toBe('OK');
    for (const [user, password] of [
      ['u', ''],
      ['', 'p'],
      ['U', 'p'],
      ['u', 'p '],
    ] as const) {
      expect(await ask(user, password)).toBe('UNAUTHENTICATED user or password is wrong');
    }
    expect(engine.state()).toMatchObject({ authentications: { blue: 1, green: 0 }, sessions: { blue: 1 } });
  });

  test('a wrong password can be answered like an unknown session', async () => {
    const { blue } = await startBench({ refusal: 'access-denied' });
    expect(await outcome(blue.call('authenticate', { user: 'holdfast', password: 'x' }))).toBe(DENIED);
  });

  test('without one no call does anything', async () => {
    const { blue, sql } = await startBench();
    await blue.authenticate();
    const query = await blue.run('rows 1');
    const before = sql.executed.length;
    blue.sessionId = 'unknown';
    const of = blue.of(query);
    const where = { sessionId: 'unknown', catalog: '', schema: '', table: '' };
    const outcomes = await Promise.all(
      [
        blue.prepare('rows 1'),
        blue.call('prepareStatement', { ...where, queryString: 'rows 1', quoting: '' }),
        blue.execute(query),
        blue.call('getResultMetadata', of),
        blue.call('getNextResultBatch', of),
        blue.call('status', of),
        blue.call('explain', of),
        blue.call('explainAnalyze', of),
        blue.call('clear', of),
        blue.call('clearOrCancelQuery', of),
        blue.call('cancelQuery', of),
        blue.call('dryRun', { ...of, schema: '', queryString: '' }),
        blue.call('dryRunV2', { ...of, schema: '', catalog: '', queryString: '' }),
        blue.call('getSchemaNamesV2', where),
        blue.call('getTablesV2', where),
        blue.call('getColumnsV2', where),
      ].map(outcome),
    );
    expect(new Set(outcomes)).toEqual(new Set([DENIED]));
    expect(sql.executed).toHaveLength(before);
  });

  test('one that expires takes no query with it: another one goes on where it stood', async () => {
    const { blue, engine } = await startBench();
    await blue.authenticate();
    const query = await blue.run('rows 3');
    expect(await blue.next(query)).toBe('1');
    expect(engine.expireSessions('green')).toBe(0);
    expect(engine.expireSessions('blue')).toBe(1);
    expect(await outcome(blue.next(query))).toBe(DENIED);
    await blue.authenticate();
    expect(await blue.next(query)).toBe('2');
  });

  test('the least used makes room for one more', async () => {
    const { blue, engine } = await startBench({ maxSessions: 2 });
    const { sessionId: first } = await blue.authenticate();
    const { sessionId: second } = await blue.authenticate();
    const isKnown = (sessionId: string): Promise<string> =>
      outcome(blue.call('getSchemaNamesV2', { sessionId, catalog: '' }));
    expect(await isKnown(first)).toBe('OK');
    await blue.authenticate();
    expect(await isKnown(second)).toBe(DENIED);
    expect(await isKnown(first)).toBe('OK');
    expect(engine.state().sessions.blue).toBe(2);
  });
});

test.each([null, '', 'red', 'Blue', 'blue '])(
  'the strategy header %j is answered with 456',
  async (strategy) => {
    const { blue, engine } = await startBench();
    const answer = blue.call('authenticate', { user: 'holdfast', password: 'holdfast' }, { strategy });
    expect(await outcome(answer)).toBe('UNKNOWN Received HTTP status code 456');
    const none = { blue: 0, green: 0, none: 1 };
    expect(engine.state()).toMatchObject({ mismatches: none, mismatchesByRpc: { authenticate: none } });
  },
);

describe('the cluster header', () => {
  const ask = { user: 'holdfast', password: 'holdfast' };

  test('is not looked at where no name is configured', async () => {
    const { blue } = await startBench();
    expect(await outcome(blue.call('authenticate', ask, { headers: { 'cluster-name': 'any' } }))).toBe('OK');
  });

  test.each(['cluster-name', 'cluster-uuid'])('%s must be the configured name', async (header) => {
    const { blue } = await startBench({ clusterName: 'Main' });
    const named = (name: string): Promise<string> =>
      outcome(blue.call('authenticate', ask, { headers: { [header]: name } }));
    expect(await named('main')).toBe('OK');
    expect(await named('MAIN')).toBe('OK');
    expect(await named('50% Ünterwegs'.replace('Ü', 'U'))).toBe(
      `FAILED_PRECONDITION cluster 50% Unterwegs is not served here; this is main (header ${header})`,
    );
    expect(await outcome(blue.call('authenticate', ask))).toBe('OK');
  });
});
