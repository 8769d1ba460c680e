import type { FaultName } from './faults/fault-dice.js';
import type { Fence } from './fence.js';

/** One write on its way to a node, after all checks of its form. */
export interface NodeWrite {
  readonly verb: 'POST' | 'DELETE';
  readonly groupId: string;
  /** The token; null where the request had no `timestamp` header. */
  readonly timestamp: number | null;
  /** Extension `fence` (4.7); null where the request had none, or the extension is off. */
  readonly fence: Fence | null;
  /** The fault that struck the request, for the log. */
  readonly fault: FaultName | null;
}

/**
 * The node's own answer to a write, whether or not a client ever gets it: 201 created, 200 deleted, 400 exists,
 * 404 no such record, 410 tombstoned, 412 stale fence, 500 the database failed and nothing changed.
 */
export type WriteStatus = 200 | 201 | 400 | 404 | 410 | 412 | 500;
