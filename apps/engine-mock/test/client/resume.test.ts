import type { Connection } from '@holdfast/strategy-client';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { ClientClock } from './support/client-clock.js';
import { numbered, numbers, PHASE_MS, rowsOf, shareTables, startWorld, type World } from './support/world.js';

shareTables();

const QUICK = { resumePollMs: 5 };

/** Waits until somebody has asked for the resume, and lets it come about. */
async function wake(world: World): Promise<void> {
  await eventually(() => expect(world.engine.state().cluster).toBe('resuming'));
  world.clock.advance(PHASE_MS);
}

/** Suspends the cluster in the moment between a prepare and what comes after it. */
async function suspendAfterPrepare(world: World): Promise<void> {
  await eventually(() => expect(world.clock.pending).toHaveLength(1));
  world.engine.suspend();
  world.clock.advance(1);
}

const slowPrepare = [{ kind: 'delay', when: 'after', rpc: 'prepareStatement', delayMs: 1, times: 1 }];

describe('a suspended cluster', () => {
  test('is woken by the first call', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    const rows = rowsOf(connection, numbers(9));
    await wake(world);
    expect(await rows).toEqual(numbered(9));
    expect(connection.manager.metrics().resumes).toMatchObject({ count: 1 });
    expect(world.calls('authenticate')).toEqual({ blue: 1, green: 0 });
  });

  test('is woken once for all who wait, and all go on', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    // A fault without effect, which counts.
    world.engine.setFaults([{ kind: 'delay', rpc: 'ClusterService/resume', delayMs: 0 }]);
    const many = Array.from({ length: 20 }, () => rowsOf(connection, numbers(5)));
    await wake(world);
    expect(await Promise.all(many)).toEqual(many.map(() => numbered(5)));
    expect(world.engine.state().faults).toEqual({ delay: 1 });
    expect(connection.manager.metrics().resumes.count).toBe(1);
  });

  test('is woken in the middle of the rows, and none is lost', async () => {
    const world = await startWorld();
    const connection = world.connect(QUICK);
    await using cursor = connection.cursor();
    await cursor.execute(numbers(30));
    expect(await cursor.fetchMany(4)).toEqual(numbered(4));
    world.engine.suspend();
    const rest = cursor.fetchAll();
    await wake(world);
    expect(await rest).toHaveLength(26);
    expect(world.calls('authenticate').blue).toBe(1);
  });

  test('is woken by many calls of several kinds under way, with one resume', async () => {
    const world = await startWorld();
    const connection = world.connect(QUICK);
    await using cursor = connection.cursor();
    await cursor.execute(numbers(30));
    world.engine.suspend();
    const all = Promise.all([
      cursor.status(),
      cursor.explain(),
      cursor.fetchAll(),
      connection.getTables(),
      rowsOf(connection, numbers(3)),
    ]);
    await wake(world);
    expect((await all)[2]).toEqual(numbered(30));
    expect(connection.manager.metrics().resumes.count).toBe(1);
  });

  test('has proved that it did not execute: an INSERT that met it is sent again, and runs once', async () => {
    const world = await startWorld();
    const connection = world.connect(QUICK);
    await connection.session();
    world.engine.setFaults(slowPrepare);
    const sql = "INSERT INTO ops.desired_groups VALUES ('resumed')";
    const inserted = rowsOf(connection, sql);
    await suspendAfterPrepare(world);
    await wake(world);
    await inserted;
    expect(world.executions(sql)).toBe(1);
    expect(world.calls('prepareStatement').blue).toBe(1);
  });

  test('is woken although the answer to the resume is lost', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    world.engine.setFaults([{ kind: 'reset', when: 'after', rpc: 'ClusterService/resume', times: 1 }]);
    const rows = rowsOf(connection, numbers(2));
    await wake(world);
    expect(await rows).toEqual(numbered(2));
  });

  test('is woken again when it is suspended again', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    for (let time = 0; time < 2; time++) {
      const rows = rowsOf(connection, numbers(2));
      await wake(world);
      expect(await rows).toEqual(numbered(2));
      await eventually(() => expect(world.engine.state().runningQueries.blue).toBe(0));
      world.engine.suspend();
    }
    expect(connection.manager.metrics().resumes.count).toBe(2);
  });
});

describe('a cluster that does not wake', () => {
  const connectTo = (world: World, clock: ClientClock): Connection =>
    world.connect({ clock, autoResumeTimeoutMs: 60_000, resumePollMs: 5_000 });

  test('because its resume fails is told as such', async () => {
    const world = await startWorld({ suspended: true, resumeFails: true });
    const rows = rowsOf(world.connect(QUICK), 'SELECT 1');
    const told = expect(rows).rejects.toMatchObject({
      code: 'RESUME_FAILED',
      message: expect.stringContaining('its status is failed'),
    });
    await wake(world);
    await told;
  });

  test('in time is told as such, with the option that bounds it', async () => {
    const world = await startWorld({ suspended: true });
    const clock = new ClientClock();
    clock.flow(1_000);
    await expect(rowsOf(connectTo(world, clock), 'SELECT 1')).rejects.toMatchObject({
      code: 'RESUME_FAILED',
      message: expect.stringContaining('it is resuming after 60000 ms (autoResumeTimeoutMs)'),
    });
  });

  test('fails also the calls of running queries', async () => {
    const world = await startWorld();
    const clock = new ClientClock();
    const connection = connectTo(world, clock);
    await using cursor = connection.cursor();
    await cursor.execute(numbers(30));
    world.engine.suspend();
    clock.flow(1_000);
    await expect(cursor.status()).rejects.toMatchObject({ code: 'RESUME_FAILED' });
    world.engine.resume();
    world.clock.advance(PHASE_MS);
    expect(await cursor.fetchAll()).toEqual(numbered(30));
  });

  test('keeps nobody who gives up', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    const giveUp = new AbortController();
    const rows = connection.query('SELECT 1', undefined, { signal: giveUp.signal });
    await eventually(() => expect(world.engine.state().cluster).toBe('resuming'));
    giveUp.abort(new Error('enough'));
    await expect(rows).rejects.toThrow('enough');
  });

  test('is not woken to end a query, and keeps no connection from closing', async () => {
    const world = await startWorld();
    const connection = world.connect({ maxRetryAttempts: 2 });
    await connection.query(numbers(30));
    world.engine.suspend();
    await connection.close();
    expect(world.engine.state().cluster).toBe('suspended');
  });

  test('ends with the connection for those who wait', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect(QUICK);
    const rows = expect(connection.query('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' });
    await eventually(() => expect(world.engine.state().cluster).toBe('resuming'));
    await connection.close();
    await rows;
  });
});

describe('without autoResume', () => {
  test('a suspended cluster is unavailable, and is not woken', async () => {
    const world = await startWorld({ suspended: true });
    const connection = world.connect({ autoResume: false, maxRetryAttempts: 3 });
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
    expect(world.engine.state()).toMatchObject({ cluster: 'suspended', faults: {} });
  });

  test('a 503 to an execute proves nothing, so that it is not repeated', async () => {
    const world = await startWorld();
    const connection = world.connect({ autoResume: false });
    await connection.session();
    world.engine.setFaults(slowPrepare);
    const lost = expect(connection.query(numbers(3))).rejects.toMatchObject({
      name: 'LostAfterSend',
      rpc: 'executeStatement',
      rowsDelivered: 0,
    });
    await suspendAfterPrepare(world);
    await lost;
    expect(world.executions(numbers(3))).toBe(0);
  });
});
