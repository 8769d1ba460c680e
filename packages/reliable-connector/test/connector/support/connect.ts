import { onTestFinished, vi } from 'vitest';
import {
  type ConnectorOptions,
  createMemoryJournal,
  openConnector,
  type ReliableConnector,
  type SagaEvents,
} from '../../../src/index.js';

/** Q of the tests in ms: longer than what any of their requests is late, short enough to be waited for. */
export const LAG_MS = 250;

/** Retrying of the tests: nearly at once. */
export const FAST = { baseMs: 2, capMs: 20, undoCapMs: 20 };

/** A connector for one test, closed when it ends. Its journal is in memory unless one is given. */
export async function connect(
  nodes: Readonly<Record<string, string>>,
  o: Partial<ConnectorOptions> = {},
): Promise<ReliableConnector> {
  const connector = await openConnector({
    nodes,
    journal: createMemoryJournal(),
    maxServerLagMs: LAG_MS,
    recoverEveryMs: 0,
    ...o,
    retry: { ...FAST, ...o.retry },
  });
  onTestFinished(() => connector.close());
  return connector;
}

/** Who tells events: a connector or a saga engine. */
interface Teller {
  on<E extends keyof SagaEvents>(event: E, listener: (payload: SagaEvents[E]) => void): () => void;
}

/** All payloads of one event from now on. */
export function hear<E extends keyof SagaEvents>(teller: Teller, event: E): SagaEvents[E][] {
  const heard: SagaEvents[E][] = [];
  teller.on(event, (payload) => heard.push(payload));
  return heard;
}

/** The next event of a kind, or the next one that `which` accepts. */
export function next<E extends keyof SagaEvents>(
  teller: Teller,
  event: E,
  which: (payload: SagaEvents[E]) => boolean = () => true,
): Promise<SagaEvents[E]> {
  return new Promise((resolve) => {
    const stop = teller.on(event, (payload) => {
      if (!which(payload)) return;
      stop();
      resolve(payload);
    });
  });
}

/** Repeats `check` until it no longer throws; patient on a machine that has much else to do. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 });
}
