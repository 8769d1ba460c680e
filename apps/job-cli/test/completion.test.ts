import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from './support/world.js';

const run = promisify(execFile);

const COMMANDS = [
  'create',
  'delete',
  'create-one',
  'delete-one',
  'stats',
  'work',
  'status',
  'want',
  'unwant',
  'query',
  'switch',
  'members',
  'leader',
  'locks',
  'step-down',
  'sagas',
  'show',
  'verify',
  'repair',
  'recover',
  'parked',
  'resolve',
  'plan',
  'journal',
  'completion',
];

async function script(shell: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCaptured(['completion', shell], {});
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

describe('completion in a real bash', () => {
  let bash = '';
  beforeAll(async () => {
    bash = await script('bash');
  });

  /** What bash offers for the last word. */
  async function offers(...words: readonly string[]): Promise<readonly string[]> {
    const program = `${bash}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _job_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['-c', program, 'bash', ...words]);
    return stdout.trim().split('\n');
  }

  it('offers every command at the start', async () => {
    expect(await offers('job', '')).toEqual(expect.arrayContaining(COMMANDS));
    expect(await offers('job', 'cr')).toEqual(['create', 'create-one']);
  });

  it('offers commands below a command, whatever options stand between', async () => {
    expect(await offers('job', '--nodes', 'create', 'journal', '--json', 'ch')).toEqual(['check']);
  });

  it('offers the options of the command and of all commands', async () => {
    expect(await offers('job', 'create', '--on')).toEqual(['--on-deadline']);
    expect(await offers('job', 'create', '--js')).toEqual(['--json']);
    expect(await offers('job', 'stats', '--on')).toEqual(['']);
  });

  it('offers the values of an option and of an argument', async () => {
    expect(await offers('job', 'create', '--on-deadline', '')).toEqual(['forward', 'abort']);
    expect(await offers('job', 'plan', 'd')).toEqual(['delete']);
  });
});

describe('completion for the other shells', () => {
  it.each(['zsh', 'fish'])('%s knows every command and option', async (shell) => {
    const text = await script(shell);
    for (const command of COMMANDS) expect(text).toMatch(new RegExp(`\\b${command}\\b`));
    for (const option of ['on-deadline', 'max-server-lag', 'idempotency-key']) expect(text).toContain(option);
  });

  it('refuses a shell that it does not know', async () => {
    const { exitCode, stderr } = await runCaptured(['completion', 'tcsh'], {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});
