import type { LeaseRef } from '../driver/index.js';
import { Lease, type LeaseTerms } from './lease.js';
import type { Instant } from './suspension.js';

/** All leases that a coordinator holds: what a beat renews and a stop releases. */
export class Leases {
  readonly #terms: LeaseTerms;
  readonly #held = new Map<string, Lease>();

  constructor(terms: LeaseTerms) {
    this.#terms = terms;
  }

  /** Taken before a call is sent, since leases count from then. */
  instant(): Instant {
    return this.#terms.suspension.instant();
  }

  granted(ref: LeaseRef, grant: { readonly fence: number; readonly sent: Instant }): Lease {
    const lease = new Lease(this.#terms, ref, grant);
    this.#held.set(ref.token, lease);
    return lease;
  }

  /** No longer renewed, whoever ended it. */
  drop(lease: Lease): void {
    this.#held.delete(lease.token);
  }

  /** Those still within their time: one that has run out is never renewed. */
  list(): readonly Lease[] {
    for (const lease of this.#held.values()) if (!lease.isHeld) this.#held.delete(lease.token);
    return [...this.#held.values()];
  }
}
