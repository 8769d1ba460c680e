import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { end, launch } from '../../../../packages/coordination/test/support/redis-server.js';
import { freePorts } from './ports.js';

/** A redis-server that keeps what it has acknowledged (AOF, fsync always), on one port through all its restarts. */
export class Redis {
  readonly url: string;
  readonly #args: readonly string[];
  #child: ChildProcess;
  #isAway = false;

  private constructor(port: number, args: readonly string[], child: ChildProcess) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#args = args;
    this.#child = child;
  }

  /** @param dataDir is made if need be. */
  static async start(dataDir: string): Promise<Redis> {
    mkdirSync(dataDir, { recursive: true });
    const [port = 0] = await freePorts(1);
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dataDir, '--save', ''];
    args.push('--appendonly', 'yes', '--appendfsync', 'always');
    return new Redis(port, args, await launch('redis-server', args));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it was ended and does not serve again yet. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#isAway = true;
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    if (signal === 'SIGKILL') return end(this.#child);
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await gone;
  }

  /** Starts it again on its data; resolves when it serves. */
  async begin(): Promise<void> {
    this.#child = await launch('redis-server', this.#args);
    this.#isAway = false;
  }
}
