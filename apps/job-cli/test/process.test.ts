import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startJob } from './support/job-process.js';
import { jsonLines, startWorld } from './support/world.js';

describe('the real process', () => {
  it('creates 100 of 100 at a fault rate of 0.2, one plain line each when piped, and exits 0', async () => {
    const world = await startWorld({ faults: { errorBefore: 0.2 }, extensions: 'off' });
    const create = startJob(['create'], world.env);
    expect(await create.ended).toBe(0);
    const printed = create.stdout().trimEnd().split('\n');
    expect(printed).toHaveLength(101);
    for (const line of printed.slice(0, 100)) expect(line).toMatch(/^committed {3}\d+ {2}saga \d+$/);
    expect(printed[100]).toMatch(/^create: 100 committed of 100 in .+ \(\d+\/s\)$/);
    expect(create.stderr()).toBe('');
    const stats = startJob(['stats'], world.env);
    expect(await stats.ended).toBe(0);
    expect(stats.stdout()).toBe('[true, {"node01":100,"node02":100,"node03":100}]\n');
  });

  it('exits 1 when an item is rejected, and says JSON only on standard output', async () => {
    const world = await startWorld();
    await world.job('create-one', '1');
    const job = startJob(['create', '--ids', '1,2', '--json'], world.env);
    expect(await job.ended).toBe(1);
    expect(jsonLines(job.stdout()).map(({ type }) => type)).toEqual(['item', 'item', 'summary']);
  });

  it('exits 2 for a command line that it cannot read, without a stack trace', async () => {
    const job = startJob(['create', '--concurrency', 'many'], {});
    expect(await job.ended).toBe(2);
    expect(job.stdout()).toBe('');
    expect(job.stderr()).toMatch(/^error: .*--concurrency.*whole number from 1 to 1024/);
    expect(job.stderr()).not.toMatch(/\n\s+at /);
  });

  it('exits 3 when no node answers', async () => {
    const world = await startWorld();
    await world.sim.close();
    const job = startJob(['create'], world.env);
    expect(await job.ended).toBe(3);
  });

  it('exits 4 when an item is in doubt', async () => {
    const world = await startWorld({ nodePorts: true });
    await world.sim.stopNode('node03');
    const job = startJob(['create-one', '1', '--deadline', '200ms'], world.env);
    expect(await job.ended).toBe(4);
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('once begins nothing new, ends what runs and exits 130; nothing is lost', async () => {
    const world = await startWorld({ faults: { errorBefore: 0.4 } });
    const job = startJob(['create', '--to', '9999', '--json', '--concurrency', '4'], world.env);
    await job.says('"type":"item"');
    job.child.kill(signal);
    expect(await job.ended).toBe(130);
    const lines = jsonLines(job.stdout());
    const summary = lines.at(-1);
    expect(summary).toMatchObject({ type: 'summary', interrupted: true, exitCode: 130 });
    expect(summary?.['total']).toBe(lines.length - 1);
    expect(Number(summary?.['total']) + Number(summary?.['notBegun'])).toBe(10_000);
    expect(job.stderr()).toContain('job recover');
    expect((await world.job('recover')).exitCode).toBe(0);
    expect((await world.job('verify')).exitCode).toBe(0);
  });
});

describe('SIGINT twice', () => {
  it('exits 130 at once, and recover ends what was begun', async () => {
    // Every write hangs, so that no running item could have ended by itself.
    const world = await startWorld({ faults: { verbs: { POST: { hang: 1 } } } });
    const job = startJob(['create', '--json'], world.env);
    await untilApplying(world.job);
    job.child.kill('SIGINT');
    if (!job.stderr().includes('Interrupted')) await once(job.child.stderr ?? job.child, 'data');
    expect(job.child.exitCode).toBeNull();
    job.child.kill('SIGINT');
    expect(await job.ended).toBe(130);
    expect(job.stdout()).toBe('');
    world.sim.setFaults({});
    const recovered = await world.job('recover', '--wait', '--json');
    expect(recovered.exitCode).toBe(0);
    expect(jsonLines(recovered.stdout).at(-1)).toMatchObject({ adopted: 16, ended: 16 });
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":16,"node02":16,"node03":16}]\n');
  });
});

/** Looks until all 16 lanes have an item that is written down. */
async function untilApplying(
  job: (...argv: readonly string[]) => Promise<{ stdout: string }>,
): Promise<void> {
  for (;;) {
    const { stdout } = await job('sagas', '--state', 'applying', '--json');
    if (stdout !== '' && jsonLines(stdout).at(-1)?.['sagas'] === 16) return;
  }
}
