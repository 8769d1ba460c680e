import type { Strategy } from '../../../src/strategy.js';

/** What the judge knows of one process and one deployment. */
export interface AuthRecord {
  inFlight: number;
  /** Virtual time of the latest authentication that had no session; null after one that had. */
  failedAt: number | null;
  /** Step at which the latest successful one was delivered, and that at which it was sent. */
  okAt: number;
  okSentAt: number;
}

const auths = (): AuthRecord => ({ inFlight: 0, failedAt: null, okAt: -1, okSentAt: -1 });

/** What the judge knows of one process. */
export class JudgedSide {
  readonly auths: Record<Strategy, AuthRecord> = { blue: auths(), green: auths() };
  /** The latest word that the engine still stands by, as far as a reply has told; null: none. */
  latestWord: Strategy | null = null;
  /** Step of the latest event after which a reply that was sent before is not newer (engine-wire 4c). */
  heardAt = -1;
  /** A probe of the candidate has to be sent at this step or later. */
  provableSince = -1;
  /** The routing as it was before the present step. */
  target: Strategy = 'blue';
  candidate: Strategy | null = null;
  /** The target has answered 456. */
  isRefused = false;
}
