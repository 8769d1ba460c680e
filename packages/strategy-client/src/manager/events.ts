import type { SwitchReason } from '../routing/routing.js';
import type { Strategy } from '../strategy.js';

/** What a manager tells while it works, for logs and metrics. A listener that throws harms nobody. */
export interface StrategyEvents {
  /** The routing target was a guess or out of date, and is confirmed by an answer. */
  detected: { readonly strategy: Strategy };
  /** A deployment was announced, and is probed. */
  pending: { readonly strategy: Strategy; readonly active: Strategy };
  /** New calls go to another deployment from now on. */
  switched: { readonly from: Strategy; readonly to: Strategy; readonly reason: SwitchReason };
  /** A deployment refused a call as the wrong one (456). */
  mismatch: { readonly strategy: Strategy; readonly rpc: string };
  /** The last query that was pinned to a deployment which is no longer the target has ended. */
  drained: { readonly strategy: Strategy; readonly drainMs: number };
  /** A session was opened in place of one that the deployment had forgotten. */
  reauthenticated: { readonly strategy: Strategy };
}
