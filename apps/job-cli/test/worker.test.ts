import path from 'node:path';
import { getCoordinator } from '@holdfast/coordination';
import { describe, expect, it } from 'vitest';
import { type Status, startStack } from './support/stack.js';
import { jsonLines } from './support/world.js';

const candidates = (status: Pick<Status, 'leader'>): number => {
  const queue = status.leader?.['queue'];
  return Array.isArray(queue) ? queue.length : 0;
};
const leaderOf = (status: Pick<Status, 'leader'>): unknown => status.leader?.['id'];

describe('job work', () => {
  it('makes the cluster hold what is wanted, and follows changes and a switch of colours', async () => {
    const stack = await startStack({ engine: { announceMs: 20, drainMs: 200 } });
    const worker = stack.work({}, '--port', '0');
    const first = await stack.until((status) => status.converged);
    expect(first.term).toMatchObject({ wanted: 6, created: 6, open: 0, error: null, colour: 'blue' });
    expect(first.term?.['actual']).toEqual({ node01: 6, node02: 6, node03: 6 });

    stack.engine.switch({ to: 'green' });
    await stack.job('want', '--to', '19');
    await stack.job('unwant', 'billing', 'fraud-detection');
    const second = await stack.until(
      (status) => status.converged && status.term?.['colour'] === 'green' && status.term['wanted'] === 24,
    );
    expect(second.term).toMatchObject({ created: 26, deleted: 2, failedRuns: 0 });
    expect((await stack.job('verify')).stdout).toMatch(/^24 ids compared, no difference/);

    const health = new URL(/http:\S+/.exec(worker.stdout.text)?.[0] ?? '');
    const healthy = await fetch(health);
    expect([healthy.status, await healthy.json()]).toEqual([
      200,
      expect.objectContaining({ status: 'ok', state: 'leader', error: null }),
    ]);
    const metrics = await (await fetch(new URL('/metrics', health))).text();
    expect(metrics).toContain('holdfast_worker_changes_total{change="created"} 26');
    expect(metrics).toContain('holdfast_worker_leader 1');

    expect(await worker.stop()).toBe(0);
    const left = await stack.job('members', '--json');
    expect([left.exitCode, left.stdout]).toEqual([1, '']);
  });

  it('puts back what a node has lost, leaves what others wrote, and deletes it with --force', async () => {
    const stack = await startStack();
    const worker = stack.work({}, '--verify-every', '50ms');
    await stack.until((status) => status.converged);
    await stack.sim.wipeNode('node02');
    const repaired = await stack.until((status) => status.converged && status.term?.['repaired'] === 6);
    expect(repaired.term?.['failedRuns']).toBe(0);

    await stack.job('create-one', 'stranger', '--journal', 'other.db');
    const foreign = await stack.until((status) => status.term?.['foreign'] === 1);
    expect(foreign.converged).toBe(false);
    expect(foreign.term?.['actual']).toEqual({ node01: 7, node02: 7, node03: 7 });
    await worker.stop();

    stack.work({}, '--force');
    const alone = await stack.until((status) => status.converged);
    expect(alone.term).toMatchObject({ deleted: 1, foreign: 0 });
  });

  it('tries again while a node or the engine is away, and still leads', async () => {
    const stack = await startStack();
    stack.work();
    const before = await stack.until((status) => status.converged);
    await stack.job('want', 'late');
    await stack.sim.stopNode('node03');
    await stack.engine.suspend();
    await stack.sim.startNode('node03');
    await stack.engine.resume();
    const after = await stack.until((status) => status.converged && status.term?.['wanted'] === 7);
    expect(after.term?.['term']).toBe(before.term?.['term']);
  });

  it('is followed by the next candidate when it stops, is asked to step down, or is broken', async () => {
    const stack = await startStack();
    const workers = { a: stack.work({}, '--id', 'a') };
    await stack.until((status) => leaderOf(status) === 'a' && status.converged);
    const b = stack.work({}, '--id', 'b');
    await stack.until((status) => candidates(status) === 1);

    const asked = await stack.job('step-down', '--json');
    expect(jsonLines(asked.stdout)).toEqual([
      expect.objectContaining({ leader: 'a', heard: true, force: false }),
    ]);
    const second = await stack.until((status) => leaderOf(status) === 'b' && status.converged);
    await stack.until((status) => candidates(status) === 1);

    expect((await stack.job('step-down', '--force')).stdout).toContain('the leadership was taken from b');
    const third = await stack.until((status) => leaderOf(status) === 'a' && status.converged);
    expect(BigInt(String(third.term?.['term']))).toBeGreaterThan(BigInt(String(second.term?.['term'])));

    expect(await workers.a.stop()).toBe(0);
    await stack.job('want', 'after-all');
    const last = await stack.until(
      (status) => leaderOf(status) === 'b' && status.converged && status.term?.['wanted'] === 7,
    );
    expect(last.workers.map(({ id }) => id)).toEqual(['b']);
    expect(await b.stop()).toBe(0);
  });

  it('shares journal and fence with commands beside it, whatever term has begun meanwhile', async () => {
    const stack = await startStack();
    stack.work();
    await stack.until((status) => status.converged);
    const beside = stack.job('create', '--from', '0', '--to', '30', '--concurrency', '2');
    await stack.job('step-down');
    const { exitCode, stdout } = await beside;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('create: 31 committed of 31')]);
    // Nobody wants them: the leader takes them away again, and adds what is wanted.
    await stack.job('want', 'mine');
    const after = await stack.until((status) => status.converged && status.term?.['wanted'] === 7);
    expect(after.term?.['actual']).toEqual({ node01: 7, node02: 7, node03: 7 });
  });

  it('refuses candidacy with another journal than the group has', async () => {
    const stack = await startStack();
    stack.work();
    const { workers } = await stack.until((status) => status.converged);
    const other = stack.work({ HOLDFAST_JOURNAL: 'elsewhere.db' });
    expect(await other.ended).toBe(2);
    expect(other.stderr.text).toMatch(/error: worker \S+ of this group has journal [\w-]+/);
    expect(other.stderr.text).toContain('Give all workers the same file');
    expect((await stack.until(() => true)).workers).toHaveLength(workers.length);
  });

  it('waits for a coordination backend that is away', async () => {
    const stack = await startStack();
    const worker = stack.work({ COORDINATION_URL: 'redis://127.0.0.1:1' });
    await worker.stderr.says('the coordination backend cannot be reached; trying again');
    expect(await worker.stop()).toBe(0);
  });

  it('leaves members of another kind alone', async () => {
    const stack = await startStack();
    stack.work();
    await stack.until((status) => status.converged);
    const file = path.join(stack.env['HOLDFAST_DATA'] ?? '', 'coordination.db');
    await using stranger = getCoordinator(`sqlite:${file}`, 'x');
    await stranger.start();
    await stranger.joinGroup('holdfast-workers', { weight: 2 });
    const { workers } = await stack.until((status) => status.converged && status.workers.length === 2);
    expect(workers.find(({ id }) => id === 'x')).toMatchObject({ leads: false, facts: null });
  });
});
