import type { DurableState, DurableWrite } from '../journal/durable.js';
import type { Invocation } from '../load/invocation.js';
import type { SentCall } from '../network/network.js';
import type { Effect, SimNode } from '../nodes/sim-node.js';
import type { World } from '../world/world.js';

export type Invariant =
  | 'S1'
  | 'S2'
  | 'S3'
  | 'S4'
  | 'S5'
  | 'S6'
  | 'S7'
  | 'S8'
  | 'S9'
  | 'L1'
  | 'L2'
  | 'L3'
  | 'L4'
  /** Not a promise of the protocol: the run itself broke, as by an error nobody expects. */
  | 'X';

/** What every rule can see. */
export interface Scene {
  readonly world: World;
  readonly nodes: readonly SimNode[];
  readonly durable: DurableState;
  readonly invocations: readonly Invocation[];
  readonly others: Others;
  readonly report: (invariant: Invariant, text: string) => void;
}

/**
 * What clients outside this journal did: their versions, and the versions of ours that they took away. For their
 * groups S4, S6 and some reasons are void (4.9).
 */
export interface Others {
  /** Groups that an outsider ever touched. */
  readonly groups: ReadonlySet<string>;
  /** Whether an outsider removed this version from the node. */
  took(node: string, groupId: string, token: number): boolean;
}

/**
 * One judge of a run. It watches the nodes' histories and what is durable; only rules about promises look at callers,
 * and none asks the connector.
 */
export interface Rule {
  /** A request leaves a process. */
  sent?(call: SentCall): void;
  /** A write has reached a node and was answered there, late or not. */
  landed?(call: SentCall, effect: Effect): void;
  /** A journal write is durable. */
  wrote?(write: DurableWrite): void;
  /** A client outside this journal changed a record on a node. */
  disturbed?(node: string, groupId: string): void;
  /** A caller was given an answer. */
  answered?(invocation: Invocation): void;
  /** All is healed and nothing moves any more. */
  atRest?(): void;
}
