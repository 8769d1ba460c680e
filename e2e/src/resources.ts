import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, vi } from 'vitest';

/** Processes that this test file has started; a file has a module of its own. */
const pids = new Set<number>();

/** What stands in the environment of all that this file starts, and of what they start in turn. */
const NAME = 'E2E_FILE';
const MARK = `${NAME}=${randomUUID()}`;
process.env[NAME] = MARK.slice(NAME.length + 1);

/** How long what comes by itself may take on a machine that has much else to do. */
const PATIENCE_MS = 15_000;

/** Notes a process, so that the file's last check knows of it whatever its environment is. */
export function notePid(pid: number): void {
  pids.add(pid);
}

/** A folder that goes away with the test. Call it before what works in it is started. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Adds the file's last check: no process of it lives, and it listens on nothing itself, so that no port that it used is
 * open. The ports are not asked, as a file that runs beside it may have been given the same ones since.
 */
export function leavesNothingBehind(): void {
  afterAll(async () => {
    expect([...pids].filter(isAlive).map(commandOf)).toEqual([]);
    // What the dead had started notices their end a moment later; the event loop has to come round before a closed
    // listener is counted no more.
    await vi.waitFor(
      () => expect({ living: marked().map(commandOf), listening: listeners() }).toEqual(NOTHING),
      { timeout: PATIENCE_MS, interval: 5 },
    );
  });
}

const NOTHING = { living: [], listening: [] };

/** What of this process accepts connections. */
function listeners(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap');
}

/** Every process whose environment carries the mark; those that have ended have none. */
function marked(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(MARK))
    .map(Number)
    .filter(isAlive);
}

function commandOf(pid: number): string {
  return `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`;
}

/** Empty where a process has ended or belongs to somebody else. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a process runs. One that has ended and that nobody has asked about yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Whether something accepts connections on this port of the loopback address. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
