import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface StartRedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Keep the data across `restart()`. Default false: nothing is written. */
  readonly appendonly?: boolean;
  /** More command line, such as `['--requirepass', 'secret']`. */
  readonly args?: readonly string[];
}

/** A real redis-server on a loopback port, with a folder of its own. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  /** Its own folder, for instance for a unix socket. */
  readonly folder: string;
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Kills it if it runs and starts it on the same port; `empty`: without its data. */
  restart(options?: { readonly empty?: boolean }): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Kills it and removes its folder. Repeating it is harmless. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startRedis(options: StartRedisOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
  const port = options.port ?? (await freePort());
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  args.push('--appendonly', options.appendonly ? 'yes' : 'no', '--appendfsync', 'always');
  args.push(...(options.args ?? []));
  let child = await launch('redis-server', args).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const kill = (): Promise<void> => end(child);
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    folder,
    get pid() {
      return pidOf(child);
    },
    kill,
    async restart({ empty = false } = {}) {
      await kill();
      if (empty)
        for (const file of await readdir(folder))
          await rm(join(folder, file), { recursive: true, force: true });
      child = await launch('redis-server', args);
    },
    pause: () => process.kill(pidOf(child), 'SIGSTOP'),
    resume: () => process.kill(pidOf(child), 'SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server of the Redis family and resolves when its log says that it serves. */
export async function launch(program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, [...args, '--daemonize', 'no'], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines: string[] = [];
  child.once('error', ({ message }) => {
    running.delete(child);
    lines.push(`${message}; on Debian: apt-get install redis-server redis-sentinel`);
  });
  let isReady = false;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    isReady = /Ready to accept connections|Sentinel ID is|\+monitor master/.test(line);
    if (isReady) break;
  }
  // Leaving the loop paused it; what the server says later must not fill the pipe.
  child.stdout.resume();
  if (isReady) return child;
  throw new Error(`${program} ${args.join(' ')} did not start:\n${lines.join('\n')}`);
}

/** SIGKILL, which also ends a stopped process. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the server did not start');
  return child.pid;
}

/** A test run that dies leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
