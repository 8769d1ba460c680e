import type { LockKey } from '../driver/index.js';
import { CoordinationError } from '../errors.js';
import { type Id, idText } from '../ids.js';

/** Beginnings that on Redis would make a lock's key that of a group, a member, an election or our own (redis-layout 5.9). */
const RESERVED = ['group:', 'beats:', 'leader_of_', 'x:'] as const;

/** The key of a lock that a user names. Names that some driver would confuse with other things are refused by all. */
export function lockKey(name: Id): LockKey {
  const id = idText('lock name', name);
  const reserved = RESERVED.find((beginning) => id.startsWith(beginning));
  if (reserved === undefined) return Object.freeze({ kind: 'lock', id, text: typeof name === 'string' });
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `lock name ${JSON.stringify(id)} begins with ${JSON.stringify(reserved)}, which names other things in the store; ` +
      `choose one that does not begin with ${RESERVED.map((beginning) => JSON.stringify(beginning)).join(', ')}`,
  );
}

/** The key of the lock of a group's election. */
export const leaderKey = (group: string): LockKey => Object.freeze({ kind: 'leader', id: group, text: true });
