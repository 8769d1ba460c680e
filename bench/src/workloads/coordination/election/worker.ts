import type { Coordinator } from '@holdfast/coordination';
import { BenchError } from '../../../harness/bench-error.js';
import { hostMs } from '../../../harness/clock.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { startCoordinator } from '../contenders/holdfast.js';
import type { Elected, ElectionWorker } from './protocol.js';

interface Candidate {
  readonly coordinator: Coordinator;
  readonly group: string;
  readonly end: AbortController;
  readonly done: Promise<void>;
}

let candidate: Candidate | null = null;
const untold: Elected[] = [];
let tell: ((elected: Elected) => void) | null = null;

function opened(): Candidate {
  if (candidate === null) throw new Error('stand() comes first');
  return candidate;
}

async function campaign(coordinator: Coordinator, group: string, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    await coordinator.lead(
      group,
      async ({ term, signal }) => {
        announce({ atMs: hostMs(), term });
        await aborted(signal);
      },
      { signal: end },
    );
  }
}

function announce(elected: Elected): void {
  if (tell === null) untold.push(elected);
  else tell(elected);
  tell = null;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}

serveWorker<ElectionWorker>({
  async stand({ url, ttlMs, group }) {
    const coordinator = await startCoordinator(url, ttlMs);
    const end = new AbortController();
    const done = campaign(coordinator, group, end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) throw error;
    });
    candidate = { coordinator, group, end, done };
  },
  elected: () => {
    const first = untold.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      tell = resolve;
    });
  },
  async standDown() {
    const { coordinator, group } = opened();
    const atMs = hostMs();
    if (!(await coordinator.standDownGroupLeader(group)))
      throw new BenchError('WRONG_REPLY', 'it does not lead and cannot stand down');
    return { atMs };
  },
  async request() {
    const { coordinator, group } = opened();
    const atMs = hostMs();
    if (!(await coordinator.requestStandDown(group)))
      throw new BenchError('WRONG_REPLY', 'nobody leads who could be asked to stand down');
    return { atMs };
  },
  pid: async () => process.pid,
  async close() {
    const { coordinator, end, done } = opened();
    candidate = null;
    end.abort();
    await done;
    await coordinator.stop();
    untold.length = 0;
    tell = null;
  },
});
