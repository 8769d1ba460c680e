import { describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-codes.js';
import { runCaptured, startWorld } from './support/world.js';

describe('help', () => {
  it('documents every exit code, the configuration, and goes to standard output', async () => {
    const { exitCode, stdout, stderr } = await runCaptured(['--help'], {});
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const code of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\S`, 'm'));
    for (const name of ['HOLDFAST_NODES', 'HOLDFAST_JOURNAL', 'HOLDFAST_DATA', 'CLUSTER_PORT']) {
      expect(stdout).toContain(name);
    }
  });

  it('exists for every command, with its own options and those of all', async () => {
    const { stdout } = await runCaptured(['create', '--help'], {});
    for (const option of ['--from', '--ensure', '--concurrency', '--nodes', '--json']) {
      expect(stdout).toContain(option);
    }
    expect((await runCaptured(['journal', 'rebind', '--help'], {})).stdout).toContain('Refused while');
  });

  it.each([
    [[], /Usage: job/],
    [['crate'], /Did you mean create\?/],
    [['show', 'x'], /whole number from 1/],
    [['resolve', '1', '--node', 'a'], /--assume/],
    [['create', '--deadline', 'soon'], /500ms or 2s/],
  ])('%j is told on standard error and exits 2', async (argv, message) => {
    const { exitCode, stdout, stderr } = await runCaptured(argv, {});
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('prints the version of the package', async () => {
    const { exitCode, stdout } = await runCaptured(['--version'], {});
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

describe('--verbose', () => {
  it('tells every attempt and decision on standard error, in order', async () => {
    const world = await startWorld();
    const { stdout, stderr } = await world.job('create-one', '5', '--verbose');
    expect(stdout).toMatch(/^committed/);
    const told = stderr.split('\n').map((line) => line.replace(/^\S+ /, ''));
    const at = (text: string): number => told.findIndex((line) => line.includes(text));
    expect(at('planned, version')).toBeGreaterThanOrEqual(0);
    expect(at('node02 POST, attempt')).toBeGreaterThan(at('planned, version'));
    expect(at('ended: committed')).toBeGreaterThan(at('node02 POST, attempt'));
  });

  it('adds the stack of a failure, which is never shown otherwise', async () => {
    const world = await startWorld();
    await world.sim.close();
    const stack = /\n\s+at /;
    expect((await world.job('stats', '--nodes', 'x')).stderr).not.toMatch(stack);
    expect((await world.job('stats', '--nodes', 'x', '--verbose')).stderr).toMatch(stack);
  });
});

describe('HOLDFAST_LOG_LEVEL', () => {
  it('is refused by name where it is no level', async () => {
    const world = await startWorld();
    const { exitCode, stderr } = await world.jobWith(
      { env: { ...world.env, HOLDFAST_LOG_LEVEL: 'loud' } },
      'stats',
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('HOLDFAST_LOG_LEVEL is "loud"')]);
  });
});
