import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../../../tooling/from-source/flags.js';
import type { Scratch } from '../harness/scratch.js';
import { type ServerProcess, startServer } from './server-process.js';

const SCRIPT = fileURLToPath(new URL('./bare-fastify.ts', import.meta.url));

/** Starts the bare Fastify server of bare-fastify.ts. */
export async function startBare(o: {
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}): Promise<ServerProcess> {
  const logFile = join(await o.scratch.folder('bare'), 'bare.log');
  return startServer({ args: [...FROM_SOURCE, SCRIPT], logFile, signal: o.signal });
}
