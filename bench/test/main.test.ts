import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FROM_SOURCE } from '../../tooling/from-source/flags.js';
import { ROOT } from '../src/harness/entries.js';

const run = promisify(execFile);
const MAIN = [...FROM_SOURCE, join(ROOT, 'bench/src/main.ts')];

describe('the command', () => {
  it('tells its workloads and exit codes', async () => {
    const { stdout } = await run(process.execPath, [...MAIN, '--help'], { cwd: ROOT });
    expect(stdout).toContain('[workload]');
    expect(stdout).toContain('Exit codes:');
  });

  it.each([
    [['nothing'], "'nothing' is invalid"],
    [['report', 'nowhere.json'], 'nowhere.json cannot be read as results'],
    [['cluster', '--rounds', 'many'], 'Give a whole number.'],
    [['cluster', '--rounds', '0'], 'rounds is 0; give a whole number from 1 to 1000'],
  ])('refuses %j with 2 and says why', async (args, why) => {
    const failed = await run(process.execPath, [...MAIN, ...args], { cwd: ROOT }).catch((error) => error);
    expect(failed).toMatchObject({ code: 2 });
    expect(failed.stderr).toContain(why);
  });
});
