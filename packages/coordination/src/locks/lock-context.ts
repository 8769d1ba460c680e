import type { Session } from '../session.js';
import type { Abandoned } from './abandoned.js';
import type { Lease } from './lease.js';
import type { Leases } from './leases.js';
import type { Waiters } from './waiters.js';

/** What all locks of one start of a coordinator share. */
export interface LockContext {
  readonly session: Session;
  readonly leases: Leases;
  readonly waiters: Waiters;
  readonly abandoned: Abandoned;
  /** Whether a heart keeps leases and places in queues alive. */
  readonly isBeating: () => boolean;
  /** Renews this one lease now; the beat's own word otherwise. */
  readonly renew: (lease: Lease) => Promise<boolean>;
}
