import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../../../harness/bench-error.js';
import { childEnv } from '../../../harness/child-env.js';
import { stopChild } from '../../../harness/stop-child.js';

const SCRIPT = fileURLToPath(new URL('./peer.py', import.meta.url));
/** Debian's own, for which python3-tooz is packaged. */
const PYTHON = '/usr/bin/python3';

/** One series of equal calls, as Python has timed it. */
export interface ToozSeries {
  readonly lapsMs: readonly number[];
  readonly cpuUs: number;
}

/** What the Python process can be asked for. */
interface Calls {
  open: { readonly with: { url: string }; readonly value: ToozVersions };
  pairs: { readonly with: { count: number }; readonly value: ToozSeries };
  join_leave: { readonly with: { count: number }; readonly value: ToozSeries };
  members: {
    readonly with: { group: string; count: number };
    readonly value: ToozSeries & { readonly found: number };
  };
  beat: { readonly with: { locks: number; count: number }; readonly value: ToozSeries };
  close: { readonly with: Record<string, never>; readonly value: true };
}

interface ToozVersions {
  readonly tooz: string;
  readonly redis: string;
  readonly python: string;
}

/** Python's tooz in a process of its own, on the same server. */
export interface ToozPeer extends AsyncDisposable {
  /** `tooz 3.1.0` */
  readonly name: string;
  /** With the versions of what it runs on. */
  readonly fullName: string;
  /** One at a time. Throws `CHILD_FAILED` when it fails there. */
  call<K extends keyof Calls>(name: K, arguments_: Calls[K]['with']): Promise<Calls[K]['value']>;
}

/** Null where Python, tooz or its redis library is not installed. */
export async function startTooz(url: string, signal: AbortSignal): Promise<ToozPeer | null> {
  signal.throwIfAborted();
  const child = spawn(PYTHON, ['-W', 'ignore', SCRIPT], {
    env: childEnv(),
    // Without tooz it says so in a traceback that nobody needs to see.
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});

  /** Null: it has ended. */
  async function ask<K extends keyof Calls>(
    name: K,
    arguments_: Calls[K]['with'],
  ): Promise<Calls[K]['value'] | null> {
    child.stdin.write(`${JSON.stringify({ call: name, with: arguments_ })}\n`);
    const line = await lines.next();
    if (line.done) return null;
    // Only peer.py writes to this pipe.
    const answer = JSON.parse(line.value) as
      | { readonly value: Calls[K]['value'] }
      | { readonly error: string };
    if ('error' in answer) throw new BenchError('CHILD_FAILED', `Python tooz, ${name}: ${answer.error}`);
    return answer.value;
  }

  const versions = await ask('open', { url });
  if (versions === null) {
    await stopChild(child);
    return null;
  }
  const name = `tooz ${versions.tooz}`;
  return {
    name,
    fullName: `${name}, redis-py ${versions.redis}, Python ${versions.python}`,
    async call(name, arguments_) {
      const value = await ask(name, arguments_);
      if (value !== null) return value;
      throw new BenchError('CHILD_FAILED', `Python tooz ended while it was asked for ${name}`);
    },
    async [Symbol.asyncDispose]() {
      await ask('close', {}).catch(() => null);
      await stopChild(child);
    },
  };
}
