import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePorts } from './ports.js';
import { isAlive, type Program, type Programs } from './programs.js';

const MAIN = fileURLToPath(new URL('redis-main.mjs', import.meta.url));

/** A redis-server that keeps what it has acknowledged (AOF, fsync always), on one port through all its restarts. */
export class Redis {
  readonly url: string;
  readonly #programs: Programs;
  readonly #args: readonly string[];
  #program: Program | null = null;
  /** Of the server itself; null before it has told. */
  #pid: number | null = null;
  #isAway = false;

  private constructor(programs: Programs, port: number, args: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#programs = programs;
    this.#args = args;
  }

  /** @param dataDir is made if need be. */
  static async start(programs: Programs, dataDir: string): Promise<Redis> {
    mkdirSync(dataDir, { recursive: true });
    const [port = 0] = await freePorts(1);
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dataDir, '--save', ''];
    args.push('--appendonly', 'yes', '--appendfsync', 'always', '--daemonize', 'no');
    const redis = new Redis(programs, port, args);
    await redis.begin();
    return redis;
  }

  /** Whether it was ended and does not serve again yet. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** The server, if it lives. */
  get living(): readonly string[] {
    return this.#pid !== null && isAlive(this.#pid) ? [`redis-server (pid ${this.#pid})`] : [];
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const program = this.#program;
    if (program === null || program.isToEnd) return;
    program.isToEnd = true;
    this.#isAway = true;
    if (this.#pid !== null && isAlive(this.#pid)) process.kill(this.#pid, signal);
    else await program.kill();
    await program.ended;
  }

  /** Starts it on its data; resolves when it serves. */
  begin(): Promise<void> {
    this.#pid = null;
    return new Promise((resolve, reject) => {
      const program = this.#programs.start({
        name: 'redis',
        program: MAIN,
        args: this.#args,
        onLine: (line) => {
          const pid = /\bpid=(\d+), just started/.exec(line)?.[1];
          if (pid !== undefined) this.#pid = Number(pid);
          if (!line.includes('Ready to accept connections')) return;
          this.#isAway = false;
          resolve();
        },
      });
      this.#program = program;
      void program.ended.then(({ lastWords }) =>
        reject(new Error(`redis-server did not start: ${lastWords}`)),
      );
    });
  }
}
