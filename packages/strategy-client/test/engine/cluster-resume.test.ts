import { describe, expect, it } from 'vitest';
import { DirectEngine } from '../support/direct-engine.js';

const ONE = { queries: [{ idempotent: false, rows: 1 }] };

/** How often an RPC was sent. */
const times = (stage: DirectEngine, rpc: string): number =>
  stage.calls.filter((call) => call.rpc === rpc).length;

describe('a cluster that answers 503', () => {
  it('is resumed where it is suspended, once for all who wait, and then every call goes on', async () => {
    const stage = new DirectEngine({ queries: [...ONE.queries, ...ONE.queries] });
    await stage.connection.session();
    stage.engine.cluster = 'suspended';
    const queries = ['query 1', 'query 2'].map((sql) => stage.connection.query(sql));
    const results = await stage.after(Promise.all(queries));
    for (const result of results) expect(await result.fetchAll()).toEqual([[0]]);
    expect(times(stage, 'cluster resume')).toBe(1);
    expect(stage.manager.metrics().resumes).toMatchObject({ count: 1, sumMs: 5_000 });
  });

  it('proves by being suspended that an execute was not processed', async () => {
    const stage = new DirectEngine(ONE);
    stage.before = (rpc) => {
      // It falls asleep between prepare and execute.
      if (rpc === 'executeStatement' && times(stage, rpc) === 1) stage.engine.cluster = 'suspended';
    };
    const result = await stage.after(stage.connection.query('query 1'));
    expect(times(stage, 'executeStatement')).toBe(2);
    expect(await result.fetchAll()).toEqual([[0]]);
  });

  it('proves nothing where it is active: an execute may have run', async () => {
    const stage = new DirectEngine(ONE);
    await stage.connection.session();
    stage.failures.push({ rpc: 'executeStatement', kind: '503' });
    await expect(stage.after(stage.connection.query('query 1'))).rejects.toMatchObject({
      code: 'LOST_AFTER_SEND',
      rpc: 'executeStatement',
    });
    expect(times(stage, 'cluster resume')).toBe(0);
  });

  it('is asked to resume again when the request was lost', async () => {
    const stage = new DirectEngine(ONE);
    stage.engine.cluster = 'suspended';
    stage.failures.push({ rpc: 'cluster resume', kind: 'before send' });
    expect(await stage.after(stage.connection.session())).toMatchObject({ strategy: 'blue' });
    expect(times(stage, 'cluster resume')).toBe(2);
  });

  it('is given up when it does not wake in time', async () => {
    const stage = new DirectEngine(ONE, { autoResumeTimeoutMs: 20_000, resumePollMs: 5_000 });
    stage.engine.cluster = 'suspended';
    for (let at = 0; at < 20; at++) stage.failures.push({ rpc: 'cluster resume', kind: 'after send' });
    await expect(stage.after(stage.connection.session())).rejects.toMatchObject({
      code: 'RESUME_FAILED',
      message: expect.stringContaining('it is suspended after 20000 ms (autoResumeTimeoutMs)'),
    });
    expect(times(stage, 'cluster status')).toBe(6);
  });

  it('is left alone with autoResume off', async () => {
    const stage = new DirectEngine(ONE, { autoResume: false });
    stage.engine.cluster = 'suspended';
    await expect(stage.after(stage.connection.session())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(times(stage, 'cluster status')).toBe(0);
  });

  it('closed, a connection stops waiting for it', async () => {
    const stage = new DirectEngine(ONE);
    stage.engine.cluster = 'suspended';
    for (let at = 0; at < 20; at++) stage.failures.push({ rpc: 'cluster resume', kind: 'after send' });
    const waiting = stage.connection.session();
    const refused = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await stage.clock.advanceAsync(1_000);
    await stage.connection.close();
    await refused;
    expect(stage.clock.timers).toBe(0);
  });
});
