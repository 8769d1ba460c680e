import { describe, expect, test } from 'vitest';
import { outcome } from './support/client.js';
import { startBench } from './support/engine.js';

const SUSPENDED = 'UNAVAILABLE Received HTTP status code 503';
const RESUME_DELAY_MS = 1_000;

describe('a suspended cluster', () => {
  test('answers 503 to everything but its own service, and resumes after a delay', async () => {
    const { engine, clock, blue, green } = await startBench();
    await blue.authenticate();
    const query = await blue.run('rows 2');
    expect(await blue.cluster('status')).toBe('active');
    engine.suspend();
    expect(engine.state()).toMatchObject({ suspended: true, cluster: 'suspended' });
    expect(await blue.cluster('status')).toBe('suspended');
    expect(await outcome(blue.authenticate())).toBe(SUSPENDED);
    expect(await outcome(blue.next(query))).toBe(SUSPENDED);
    expect(await outcome(green.authenticate())).toBe(SUSPENDED);

    expect(await green.cluster('resume')).toBe('resuming');
    expect(await green.cluster('resume')).toBe('resuming');
    clock.advance(RESUME_DELAY_MS - 1);
    expect(await outcome(blue.next(query))).toBe(SUSPENDED);
    clock.advance(1);
    expect(await blue.cluster('status')).toBe('active');
    expect(await blue.cluster('resume')).toBe('active');
    expect(await blue.next(query)).toBe('1');
  });

  test('can be suspended by a call, from the start, and while it resumes', async () => {
    const { engine, clock, blue } = await startBench({ suspended: true, resumeDelayMs: 10 });
    expect(await outcome(blue.authenticate())).toBe(SUSPENDED);
    engine.resume();
    expect(await blue.cluster('suspend')).toBe('suspended');
    clock.advance(10);
    expect(await blue.cluster('status')).toBe('suspended');
    expect(clock.pending).toEqual([]);
    engine.resume();
    clock.advance(10);
    expect(await outcome(blue.authenticate())).toBe('OK');
  });

  test('can fail to resume, and is tried again', async () => {
    const { clock, blue } = await startBench({ suspended: true, resumeFails: true });
    await blue.cluster('resume');
    clock.advance(RESUME_DELAY_MS);
    expect(await blue.cluster('status')).toBe('failed');
    expect(await outcome(blue.authenticate())).toBe(SUSPENDED);
    expect(await blue.cluster('resume')).toBe('resuming');
  });

  test('needs the password for each of its calls', async () => {
    const { blue, engine } = await startBench();
    for (const rpc of ['status', 'resume', 'suspend'] as const) {
      const answer = blue.cluster(rpc, 'holdfast', 'wrong');
      expect(await outcome(answer)).toBe('UNAUTHENTICATED user or password is wrong');
    }
    expect(engine.state().suspended).toBe(false);
  });
});
