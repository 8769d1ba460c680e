import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished } from 'vitest';

/** Everything that this test file has started or taken; a file has a module of its own. */
const pids = new Set<number>();
const ports = new Set<number>();

/** Notes a process, so that the file's last check knows of it. */
export function notePid(pid: number): void {
  pids.add(pid);
}

/** Notes a port on which something of this file listens. */
export function notePort(port: number): void {
  ports.add(port);
}

/** A folder that goes away with the test. Call it before what works in it is started. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Adds the file's last check: no process of it lives, nothing of it listens. */
export function leavesNothingBehind(): void {
  afterAll(async () => {
    const living = [...pids].filter(isAlive);
    const listening = (
      await Promise.all([...ports].map(async (port) => ((await isOpen(port)) ? [port] : [])))
    ).flat();
    expect({ living, listening }).toEqual({ living: [], listening: [] });
  });
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
