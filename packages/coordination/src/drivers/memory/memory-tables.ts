import type { Tables } from '../embedded/tables.js';
import { memoryLocks } from './memory-locks.js';
import { MemoryMembers } from './memory-members.js';

/** The rows of one namespace, in maps. */
export function memoryTables(): Tables {
  const members = new MemoryMembers();
  let counter = 0;
  return {
    groups: members.groups,
    members,
    ...memoryLocks(),
    raiseCounter(floor) {
      counter = Math.max(counter + 1, floor);
      return counter;
    },
  };
}
