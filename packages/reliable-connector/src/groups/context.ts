import type { JournalSession } from '../journal/journal.js';
import type { NodeClient } from '../nodes/node-client.js';
import type { SendOptions, Transport } from '../nodes/transport.js';
import type { ResolvedOptions } from '../options.js';
import type { Engine } from '../saga/engine.js';
import type { GroupCalls } from './group-calls.js';
import type { HotKeeper } from './hot-keeper.js';
import type { GroupSagas } from './sagas.js';

/** What the operations on groups share within one connector. */
export interface GroupContext {
  readonly options: ResolvedOptions;
  readonly session: JournalSession;
  readonly engine: Engine;
  readonly calls: GroupCalls;
  readonly keeper: HotKeeper;
  readonly sagas: GroupSagas;
  readonly transport: Transport;
  /** Names of all nodes, in the order of the options. */
  readonly nodes: readonly string[];
  readonly clients: readonly NodeClient[];
}

/** Bounds of one read until a deadline in monotonic ms. */
export function readBounds(context: GroupContext, deadlineAt: number, signal?: AbortSignal): SendOptions {
  const left = Math.max(1, deadlineAt - context.engine.clock.monotonic());
  const timeoutMs = Math.min(context.options.retry.attemptTimeoutMs, left);
  return { timeoutMs, queueMs: left, ...(signal && { signal }) };
}
