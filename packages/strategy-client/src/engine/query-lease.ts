import type { Metadata } from '@grpc/grpc-js';
import type { Place } from '../recovery/recovery.js';

/**
 * What ties a query to its deployment, from the reply to prepareStatement until it ends (engine-wire 4.2, 4.3). Never
 * changed: after a re-authentication the query goes on with another lease, which differs in the session alone.
 */
export interface QueryLease extends Place<string> {
  readonly queryId: string;
  readonly engineIP: string;
  readonly headers: Metadata;
}

/** The lease with which a query goes on after a call that ended at `place`. */
export function leaseAt(lease: QueryLease, place: Place<string>): QueryLease {
  const isRenewed = place.strategy === lease.strategy && place.session !== lease.session;
  return isRenewed ? { ...lease, session: place.session } : lease;
}
