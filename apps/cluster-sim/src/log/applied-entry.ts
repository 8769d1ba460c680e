import type { FaultName } from '../faults/fault-dice.js';
import type { WriteStatus } from '../node-write.js';

/** What one write really did to a node, whatever its client was told. One line of the applied log. */
export interface AppliedEntry {
  /** Rises by one with each entry, over all nodes, in the order of the commits; goes on after a restart. */
  readonly seq: number;
  /** Wall time of the commit in ms since 1970. */
  readonly at: number;
  readonly node: string;
  readonly verb: 'POST' | 'DELETE';
  readonly groupId: string;
  /** The request's token, null where it had none. */
  readonly timestamp: number | null;
  /** The request's fence as `<scope>:<value>`, null where it had none or the extension is off. */
  readonly fence: string | null;
  /** What changed; `none` where the node refused or found nothing. */
  readonly applied: 'created' | 'deleted' | 'none';
  /** The node's own answer, which the client need not have got. */
  readonly status: WriteStatus;
  /** The fault that struck the request. */
  readonly fault: FaultName | null;
  /** Applied after the client was answered, was cut off or had given up; also a repeated DELETE. */
  readonly late: boolean;
}
