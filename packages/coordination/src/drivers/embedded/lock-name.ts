import type { LockKey } from '../../driver/index.js';

/** A lock's name with its kind before it: equal for all keys of one lock, whoever made them. */
export const lockName = ({ kind, id }: LockKey): string => `${kind}:${id}`;
