import type { Cases } from '../trial.js';
import { calls } from './calls.js';
import { capabilities } from './capabilities.js';
import { election } from './election.js';
import { groups } from './groups.js';
import { hashRing } from './hash-ring.js';
import { lifecycle } from './lifecycle.js';
import { liveness } from './liveness.js';
import { locks } from './locks.js';
import { members } from './members.js';
import { partitioner } from './partitioner.js';
import { sharedLocks } from './shared-locks.js';
import { watchers } from './watchers.js';

/** What tooz does, by the numbers of its behaviours. */
export const behaviours: Readonly<Record<string, Cases>> = {
  lifecycle,
  calls,
  groups,
  members,
  capabilities,
  liveness,
  watchers,
  election,
  locks,
  'shared locks': sharedLocks,
  partitioner,
  'hash ring': hashRing,
};
