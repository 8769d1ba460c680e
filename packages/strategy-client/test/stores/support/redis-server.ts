import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real redis-server on a free loopback port, with a folder of its own that is removed at the end. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Kills it if it runs and starts it on the same port; `empty`: without its data. */
  restart(options?: { readonly empty?: boolean }): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
}

/** `args`: more of its command line. Every write is on disk before it is answered. */
export async function startRedis(...args: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  const all = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  all.push('--appendonly', 'yes', '--appendfsync', 'always', ...args);
  let child = await launch(all);
  return {
    port,
    folder,
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(child),
    async restart({ empty = false } = {}) {
      await end(child);
      if (empty) for (const file of await readdir(folder)) await rm(join(folder, file), { recursive: true });
      child = await launch(all);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const lines: string[] = [];
  child.once('exit', () => running.delete(child));
  child.once('error', ({ message }) => lines.push(`${message}; on Debian: apt-get install redis-server`));
  let isReady = false;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    isReady = line.includes('Ready to accept connections');
    if (isReady) break;
  }
  // Leaving the loop paused it; what Redis says later must not fill the pipe.
  child.stdout.resume();
  if (isReady) return child;
  throw new Error(`redis-server ${args.join(' ')} did not start:\n${lines.join('\n')}`);
}

/** SIGKILL, which also ends a stopped process. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A test run that dies leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
