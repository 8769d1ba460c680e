import { describe, expect, it } from 'vitest';
import type { Actor } from './stage.js';
import { Stage } from './stage.js';

/** No saga of these scenarios has more awaits. */
const MOST_STEPS = 200;

/** What a process does before it is killed. */
type Work = (stage: Stage, actor: Actor) => void;

const create: Work = (stage, actor) => void stage.simulation.users.create(actor, 'a');
const remove: Work = (stage, actor) => void stage.simulation.users.delete(actor, 'a');
const restoring: Work = (stage, actor) =>
  void stage.simulation.users.delete(actor, 'a', { onFailure: 'restore' });

/** Kills the process at each of its steps in turn, until it survives its work. */
async function killAtEveryStep(
  work: Work,
  o: { readonly there: boolean; readonly refusing?: string },
): Promise<number> {
  for (let step = 1; step < MOST_STEPS; step++) {
    const stage = new Stage();
    if (o.there) await stage.answer(stage.simulation.users.create(await stage.open(), 'a'));
    const actor = await stage.open();
    if (o.refusing !== undefined)
      stage.script((call) =>
        call.node === o.refusing && call.method !== 'GET' ? { lands: [], shows: 'nothing' } : null,
      );
    const last = actor.process.steps + step;
    actor.process.diesAt = (now) => now === last;
    work(stage, actor);
    await stage.pass(5_000);
    const survived = actor.process.alive;
    await stage.rest();
    stage.isThere('a');
    if (survived) return step;
  }
  throw new Error(`the work has more than ${MOST_STEPS} steps`);
}

describe('crashes', () => {
  it('S1, S2 and S3, scenario 8: a create may be killed at every journal and HTTP step', async () => {
    expect(await killAtEveryStep(create, { there: false })).toBeGreaterThan(10);
  });

  it('S1, S2 and S3, scenario 8: a create that is undone may be killed at every step', async () => {
    expect(await killAtEveryStep(create, { there: false, refusing: 'node03' })).toBeGreaterThan(10);
  });

  it('S1, S2 and S3, scenario 8: a delete may be killed at every step', async () => {
    expect(await killAtEveryStep(remove, { there: true })).toBeGreaterThan(8);
  });

  it('S1, S2 and S3, scenario 8: a delete that is restored may be killed at every step', async () => {
    expect(await killAtEveryStep(restoring, { there: true, refusing: 'node03' })).toBeGreaterThan(10);
  });

  it('S2, scenario 9: the adopter may be killed at every step of its recovery and its undo', async () => {
    for (let step = 1; step < MOST_STEPS; step++) {
      const stage = new Stage();
      stage.script((call) =>
        call.node === 'node02' && call.method === 'POST' ? { lands: [], shows: 'nothing' } : null,
      );
      const first = await stage.open();
      first.process.diesAt = (_, where) => where.startsWith('after abort');
      stage.simulation.users.create(first, 'a');
      await stage.world.run(() => !first.process.alive, 10_000);
      const second = await stage.open();
      const last = second.process.steps + step;
      second.process.diesAt = (now) => now === last;
      void second.connector.recover({ wait: true });
      await stage.pass(10_000);
      const survived = second.process.alive;
      await stage.rest();
      expect(stage.isThere('a')).toBe(false);
      if (survived) return expect(step).toBeGreaterThan(3);
    }
    throw new Error('the recovery never came to its end');
  });

  it('S2, scenario 10: a crash between ABORT and the first undo never leads forward again', async () => {
    const stage = new Stage();
    stage.script((call) =>
      call.node === 'node02' && call.method === 'POST' ? { lands: [], shows: 'nothing' } : null,
    );
    const actor = await stage.open();
    actor.process.diesAt = (_, where) => where.startsWith('after abort');
    stage.simulation.users.create(actor, 'a');
    await stage.world.run(() => !actor.process.alive, 10_000);
    expect(stage.records('a').filter((version) => version !== undefined)).toHaveLength(2);
    await stage.rest();
    expect(stage.isThere('a')).toBe(false);
  });

  it('S5, scenario 10: a crash between the last 201 and COMMIT is committed by the adopter, under the same token', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    actor.process.diesAt = (_, where) => where.startsWith('before end');
    stage.simulation.users.create(actor, 'a');
    await stage.world.run(() => !actor.process.alive, 10_000);
    const before = stage.records('a');
    await stage.rest();
    expect(stage.isThere('a')).toBe(true);
    expect(stage.records('a')).toEqual(before);
  });

  it('S5: a committed create survives the crash of its process at the moment of the answer', async () => {
    const stage = new Stage();
    const actor = await stage.open();
    expect(await stage.answer(stage.simulation.users.create(actor, 'a'))).toMatchObject({
      status: 'committed',
    });
    actor.process.kill('as soon as it had answered');
    await stage.rest();
    expect(stage.isThere('a')).toBe(true);
  });

  it('L1: whatever was left behind, some later process ends it', async () => {
    const stage = new Stage();
    for (const where of ['after begin', 'before end', 'after POST']) {
      const actor = await stage.open();
      actor.process.diesAt = (_, at) => at.startsWith(where);
      stage.simulation.users.create(actor, where);
      await stage.world.run(() => !actor.process.alive, 10_000);
    }
    await stage.rest();
    expect([...stage.simulation.durable.sagas.values()].filter((saga) => saga.phase !== 'ended')).toEqual([]);
  });
});
