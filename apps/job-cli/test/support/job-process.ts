import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** The command as a process of its own. */
export interface JobProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when standard output contains the text. */
  says(text: string): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Starts `job` with this environment; whatever becomes of the test, it does not outlive it. */
export function startJob(argv: readonly string[], env: Readonly<Record<string, string>>): JobProcess {
  const child = spawn(process.execPath, [...FROM_SOURCE, MAIN, ...argv], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]): number | string | null => code ?? signal);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async says(text) {
      while (!stdout.includes(text)) {
        const outcome = await Promise.race([once(child.stdout, 'data'), ended]);
        if (!Array.isArray(outcome) && !stdout.includes(text)) {
          throw new Error(`ended with ${outcome} and never said ${text}: ${stderr}`);
        }
      }
    },
  };
}
