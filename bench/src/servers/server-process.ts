import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BenchError } from '../harness/bench-error.js';
import { childEnv } from '../harness/child-env.js';
import { stopChild } from '../harness/stop-child.js';

/** A server in a process of its own, so that it shares no event loop and no heap with who measures it. */
export interface ServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly url: string;
  readonly pid: number;
}

export interface ServerOptions {
  /** Arguments for node. */
  readonly args: readonly string[];
  /** What it says on standard error goes into this file. */
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Starts a server that prints its URL in one of its first lines. Throws `CHILD_FAILED`. */
export async function startServer({ args, logFile, signal }: ServerOptions): Promise<ServerProcess> {
  signal.throwIfAborted();
  await using log = await open(logFile, 'a');
  const child = spawn(process.execPath, args, { env: childEnv(), stdio: ['ignore', 'pipe', log.fd] });
  await once(child, 'spawn');
  const url = child.stdout === null ? null : await firstUrl(child.stdout);
  const { pid } = child;
  if (url === null || pid === undefined) {
    await stopChild(child);
    throw new BenchError('CHILD_FAILED', `node ${args.join(' ')} did not start; it said why in ${logFile}`);
  }
  return { url, pid, [Symbol.asyncDispose]: () => stopChild(child) };
}

/** null: it ended before it said one. */
async function firstUrl(output: Readable): Promise<string | null> {
  let url: string | null = null;
  for await (const line of createInterface({ input: output })) {
    url = /https?:\/\/[\w.:[\]-]+/.exec(line)?.[0] ?? null;
    if (url !== null) break;
  }
  // Leaving the loop paused it; what the server says later must not fill the pipe.
  output.resume();
  return url;
}
