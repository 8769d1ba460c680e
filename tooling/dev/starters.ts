import { readFileSync } from 'node:fs';

/** Ms between two looks; nothing tells a process that one above it has gone. */
const LOOK_EVERY_MS = 500;
/** Between a script and npx are the package manager and at most a shell. */
const MOST_LEVELS = 4;
const NPX = /(^|[\s/])(npm exec|npx)(\s|$)/;

/**
 * Calls back once when the package manager that runs this script, or the npx that runs that, is gone: npx hands on no
 * SIGTERM, and nobody hands on SIGKILL. A shell above them may go, as it does with nohup. Where there is no /proc only
 * the package manager is watched. Returns what ends the watch.
 */
export function watchStarters(env: NodeJS.ProcessEnv, onGone: () => void): () => void {
  // Started by hand: the parent is whoever typed it.
  if (env['npm_lifecycle_event'] === undefined) return () => {};
  const runner = process.ppid;
  const chain = chainToNpx(runner);
  const timer = setInterval(() => {
    if (process.ppid === runner && chain.every(({ pid, parent }) => parentOf(pid) === parent)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

interface Link {
  readonly pid: number;
  readonly parent: number;
}

/** Who started whom, from the runner up to npx; empty without an npx. */
function chainToNpx(runner: number): readonly Link[] {
  const chain: Link[] = [];
  for (let pid = runner; chain.length < MOST_LEVELS; ) {
    const parent = parentOf(pid);
    if (parent === null) break;
    chain.push({ pid, parent });
    if (NPX.test(commandOf(parent))) return chain;
    pid = parent;
  }
  return [];
}

function parentOf(pid: number): number | null {
  // Behind the name of the program, which stands in brackets and may hold anything: state, then parent.
  const parent = Number(
    read(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );
  return parent > 1 ? parent : null;
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
