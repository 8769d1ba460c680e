import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../src/index.js';
import { outcome } from './support/client.js';
import { type Bench, startBench } from './support/engine.js';
import { eventually } from './support/eventually.js';

const RESET = 'INTERNAL Received RST_STREAM with code 2 (Internal server error)';
const DROPPED = /^UNAVAILABLE (Connection dropped|read ECONNRESET|Received HTTP)/;

/** With a session and a prepared query, before anything goes wrong. */
async function startBroken(faults: FaultPlan): Promise<Bench & { readonly query: string }> {
  const bench = await startBench();
  await bench.blue.authenticate();
  const { queryId } = await bench.blue.prepare('rows 9');
  bench.engine.setFaults(faults);
  return { ...bench, query: queryId };
}

describe('before the call is carried out', () => {
  const BEFORE: readonly (readonly [FaultPlan, string | RegExp])[] = [
    [[{ kind: 'reset' }], RESET],
    [[{ kind: 'reset', when: 'before' }], RESET],
    [[{ kind: 'status', code: 14, message: 'größer 5%' }], 'UNAVAILABLE größer 5%'],
    [[{ kind: 'status', code: 13 }], 'INTERNAL a fault of the engine mock'],
    [[{ kind: 'http', status: 502 }], 'UNAVAILABLE Received HTTP status code 502'],
    [[{ kind: 'http', status: 456 }], 'UNKNOWN Received HTTP status code 456'],
    [[{ kind: 'kill' }], DROPPED],
  ];
  test.each(BEFORE)('%j', async (faults, expected) => {
    const { blue, query, sql } = await startBroken(faults);
    expect(await outcome(blue.execute(query))).toMatch(expected);
    expect(sql.executed).toEqual([]);
  });
});

describe('after the call is carried out', () => {
  const AFTER: readonly (readonly [FaultPlan, string | RegExp])[] = [
    [[{ kind: 'reset', when: 'after' }], RESET],
    [[{ kind: 'status', when: 'after', code: 8 }], 'RESOURCE_EXHAUSTED a fault of the engine mock'],
    [[{ kind: 'http', when: 'after', status: 504 }], 'UNAVAILABLE Received HTTP status code 504'],
    [[{ kind: 'kill', when: 'after' }], DROPPED],
  ];
  test.each(AFTER)('%j', async (faults, expected) => {
    const { blue, query, sql } = await startBroken(faults);
    expect(await outcome(blue.execute(query))).toMatch(expected);
    expect(sql.executed).toEqual(['rows 9']);
  });
});

describe('delays', () => {
  test('before: nothing has happened until the time is over', async () => {
    const { blue, query, sql, clock } = await startBroken([{ kind: 'delay', delayMs: 50 }]);
    const answer = blue.execute(query);
    await eventually(() => expect(clock.pending).toEqual([50]));
    expect(sql.executed).toEqual([]);
    clock.advance(50);
    expect(await outcome(answer)).toBe('OK');
  });

  test('after: it has happened, and the answer waits; both kinds add up', async () => {
    const { blue, query, sql, clock, engine } = await startBroken([
      { kind: 'delay', when: 'after', delayMs: 30 },
      { kind: 'delay', when: 'after', delayMs: 20 },
      { kind: 'delay', delayMs: 7 },
    ]);
    const answer = blue.execute(query);
    await eventually(() => expect(clock.pending).toEqual([7]));
    clock.advance(7);
    await eventually(() => expect(clock.pending).toEqual([50]));
    expect(sql.executed).toEqual(['rows 9']);
    clock.advance(50);
    expect(await outcome(answer)).toBe('OK');
    expect(engine.state().faults).toEqual({ delay: 3 });
  });

  test('a call that is under way when its colour goes off is refused there, and not carried out', async () => {
    const { blue, sql, clock, engine, query } = await startBroken([{ kind: 'delay', delayMs: 50 }]);
    const answers = [blue.execute(query), blue.authenticate(), blue.prepare('rows 1')].map(outcome);
    await eventually(() => expect(clock.pending).toEqual([50, 50, 50]));
    engine.switch({ announceMs: 0, drainMs: 0 });
    clock.advance(50);
    const refused = 'UNKNOWN blue does not take this call any more, status: 456';
    expect(await Promise.all(answers)).toEqual([refused, refused, refused]);
    expect(sql.executed).toEqual([]);
    expect(engine.state()).toMatchObject({ mismatches: { blue: 3 }, runningQueries: { blue: 0 } });
  });

  test('a client that gives up before takes its call back', async () => {
    const { blue, query, sql, clock, engine } = await startBroken([{ kind: 'delay', delayMs: 50, times: 1 }]);
    const call = blue.start('executeStatement', { ...blue.of(query), shouldNotCache: false });
    await eventually(() => expect(clock.pending).toEqual([50]));
    call.cancel();
    expect(await outcome(call.answer)).toBe('CANCELLED Cancelled on client');
    await eventually(() => expect(clock.pending).toEqual([]));
    expect(engine.faults()).toEqual(
      [{ kind: 'delay', delayMs: 50, times: 0 }].filter(({ times }) => times > 0),
    );
    expect(await outcome(blue.execute(query))).toBe('OK');
    expect(sql.executed).toEqual(['rows 9']);
  });
});

describe('hanging', () => {
  test('no answer until the client gives up', async () => {
    const { blue, query, sql, clock } = await startBroken([{ kind: 'hang' }]);
    const call = blue.start('executeStatement', { ...blue.of(query), shouldNotCache: false });
    await eventually(() => expect(clock.pending).toEqual([600_000]));
    call.cancel();
    expect(await outcome(call.answer)).toBe('CANCELLED Cancelled on client');
    await eventually(() => expect(clock.pending).toEqual([]));
    expect(sql.executed).toEqual([]);
  });

  test('after it was carried out, and no longer than it is told', async () => {
    const { blue, query, sql, clock } = await startBroken([{ kind: 'hang', when: 'after', maxMs: 40 }]);
    const answer = outcome(blue.execute(query));
    await eventually(() => expect(clock.pending).toEqual([40]));
    expect(sql.executed).toEqual(['rows 9']);
    clock.advance(40);
    expect(await answer).toBe(RESET);
  });
});

test('a truncated batch lacks its second half; an empty one is spared', async () => {
  const { blue, engine } = await startBroken([{ kind: 'truncate', times: 2 }]);
  const query = await blue.run('bytes 10');
  const { resultBatch } = await blue.call('getNextResultBatch', blue.of(query));
  expect(resultBatch).toHaveLength(5);
  expect(await blue.next(query)).toBe('');
  expect(engine.faults()).toEqual([{ kind: 'truncate', times: 1 }]);
});

describe('the scope of a rule', () => {
  test('names a call, a colour and a number of calls', async () => {
    const { blue, green, engine } = await startBench({
      faults: [{ kind: 'reset', rpc: 'authenticate', colour: 'green', times: 2 }],
    });
    engine.switch();
    expect(await outcome(blue.authenticate())).toBe('OK');
    expect(await outcome(green.authenticate())).toBe(RESET);
    expect(engine.faults()).toMatchObject([{ times: 1 }]);
    expect(await outcome(green.call('getSchemaNames', { sessionId: '' }))).toBe('INTERNAL Access denied');
    expect(await outcome(green.authenticate())).toBe(RESET);
    expect(engine.faults()).toEqual([]);
    expect(await outcome(green.authenticate())).toBe('OK');
    expect(engine.state().faults).toEqual({ reset: 2 });
  });

  test('names a call of the cluster service', async () => {
    const { blue } = await startBench({ faults: [{ kind: 'reset', rpc: 'ClusterService/status' }] });
    expect(await outcome(blue.cluster('status'))).toBe(RESET);
    expect(await outcome(blue.cluster('resume'))).toBe('OK');
  });

  test('spares calls that the router refuses', async () => {
    const { green, engine } = await startBench({ faults: [{ kind: 'reset' }] });
    expect(await outcome(green.authenticate())).toBe('UNKNOWN Received HTTP status code 456');
    expect(engine.state().faults).toEqual({});
  });

  test('of several rules the first that strikes decides', async () => {
    const { blue } = await startBench({
      faults: [
        { kind: 'status', code: 5, times: 1 },
        { kind: 'status', code: 6 },
      ],
    });
    expect(await outcome(blue.authenticate())).toMatch(/^NOT_FOUND/);
    expect(await outcome(blue.authenticate())).toMatch(/^ALREADY_EXISTS/);
  });

  test('a rate is thrown by a seeded die', async () => {
    const run = async (seed: string): Promise<string> => {
      const { blue } = await startBench({ seed, faults: [{ kind: 'http', status: 502, rate: 0.5 }] });
      const outcomes: string[] = [];
      for (let call = 0; call < 32; call += 1) outcomes.push(await outcome(blue.authenticate()));
      return outcomes.map((text) => (text === 'OK' ? '.' : 'x')).join('');
    };
    const first = await run('a');
    expect(first).toContain('.');
    expect(first).toContain('x');
    expect(await run('a')).toBe(first);
    expect(await run('b')).not.toBe(first);
  });
});
