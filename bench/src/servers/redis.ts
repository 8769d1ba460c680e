import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BenchError } from '../harness/bench-error.js';
import { childEnv } from '../harness/child-env.js';
import type { Scratch } from '../harness/scratch.js';
import { stopChild } from '../harness/stop-child.js';
import type { ServerProcess } from './server-process.js';

/** A real redis-server that keeps nothing on disk. `url` is `redis://127.0.0.1:port`. */
export interface RedisProcess extends ServerProcess {
  /** As it says itself: `7.0.15`. */
  readonly version: string;
}

/** Somebody else may take a free port between looking for it and using it. */
const TRIES = 3;

/** Starts a redis-server on a free loopback port; null where none is installed. Throws `CHILD_FAILED`. */
export async function startRedis(o: {
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}): Promise<RedisProcess | null> {
  const folder = await o.scratch.folder('redis');
  let said = '';
  for (let n = 0; n < TRIES; n += 1) {
    o.signal.throwIfAborted();
    const started = await launch(await freePort(), folder);
    if (started === null || typeof started !== 'string') return started;
    said = started;
  }
  throw new BenchError('CHILD_FAILED', `redis-server did not start: ${said}`);
}

/** A string: it ended, and this is what it had said. */
async function launch(port: number, folder: string): Promise<RedisProcess | string | null> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const child = spawn('redis-server', [...args, '--save', '', '--appendonly', 'no', '--daemonize', 'no'], {
    env: childEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  const lines = await untilReady(child.stdout);
  const { pid } = child;
  if (!lines.isReady || pid === undefined) {
    await stopChild(child);
    return lines.said.at(-1) ?? 'it ended without a word';
  }
  const version = /version=([\d.]+)/.exec(lines.said.join('\n'))?.[1] ?? 'of unknown version';
  return { url: `redis://127.0.0.1:${port}`, pid, version, [Symbol.asyncDispose]: () => stopChild(child) };
}

async function untilReady(output: Readable): Promise<{ readonly isReady: boolean; readonly said: string[] }> {
  const said: string[] = [];
  let isReady = false;
  for await (const line of createInterface({ input: output })) {
    said.push(line);
    isReady = line.includes('Ready to accept connections');
    if (isReady) break;
  }
  // Leaving the loop paused it; what Redis says later must not fill the pipe.
  output.resume();
  return { isReady, said };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
