import { describe, expect, it } from 'vitest';
import type { Extension } from '../../../src/nodes/answer.js';
import { Stage } from './stage.js';

const FENCE: readonly Extension[] = ['fence'];
const FENCED = { node01: FENCE, node02: FENCE, node03: FENCE };

describe('ownership', () => {
  it('S2, scenario 20: a stopped owner is superseded by a higher term, and does no harm when it goes on', async () => {
    const stage = new Stage({ extensions: FENCED, leadership: true, deadlineMs: 20_000 });
    const old = await stage.open({ term: 1n });
    stage.script(({ method, node, process }) =>
      method === 'POST' && node === 'node02' && process === old.process
        ? { lands: [], shows: 'nothing' }
        : null,
    );
    stage.simulation.users.create(old, 'a');
    await stage.pass(300);
    old.process.stop();
    const next = await stage.open({ term: 2n });
    await stage.until(next.connector.recover({ wait: true }));
    expect(stage.isThere('a')).toBe(true);
    await stage.answer(stage.simulation.users.delete(next, 'a'));
    old.process.resume();
    await stage.pass(10_000);
    expect(stage.isThere('a')).toBe(false);
    expect(stage.violations()).toEqual([]);
  });

  it('S2, scenario 20: without fence a stopped owner keeps its saga', async () => {
    const stage = new Stage({ leadership: true, deadlineMs: 20_000 });
    const old = await stage.open({ term: 1n });
    stage.script(({ method, node }) =>
      method === 'POST' && node === 'node02' ? { lands: [], shows: 'nothing' } : null,
    );
    stage.simulation.users.create(old, 'a');
    await stage.pass(300);
    old.process.stop();
    const next = await stage.open({ term: 2n });
    const report = await stage.until(next.connector.recover());
    expect(report).toMatchObject({ adopted: 0, held: 1 });
    stage.simulation.network.director = null;
    old.process.resume();
    await stage.pass(5_000);
    expect(stage.isThere('a')).toBe(true);
    expect(stage.violations()).toEqual([]);
  });

  it('S2, scenario 21: of two adopters one gets the saga, and only one runs it', async () => {
    const stage = new Stage();
    const dead = await stage.open();
    stage.simulation.users.create(dead, 'a');
    await stage.world.run(() => stage.records('a').some((version) => version !== undefined), 1_000);
    dead.process.kill('for the scenario');
    const adopters = [await stage.open(), await stage.open()];
    const reports = await Promise.all(
      adopters.map((each) => each.connector.recover({ wait: true })).map((each) => stage.until(each)),
    );
    expect(reports.reduce((sum, report) => sum + report.adopted, 0)).toBe(1);
    expect(stage.isThere('a')).toBe(true);
    await stage.rest();
  });
});
