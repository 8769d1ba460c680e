import type { Notice } from '../embedded/notices.js';
import type { Tables } from '../embedded/tables.js';
import { memoryTables } from './memory-tables.js';

/** One namespace of one store: its rows, and who listens. */
export interface MemorySpace {
  readonly tables: Tables;
  readonly listeners: Set<(notices: readonly Notice[]) => void>;
  /** Drivers that are open on it. */
  users: number;
}

const spaces = new Map<string, MemorySpace>();

/** The namespace of this store of this process, made anew if nobody uses it. */
export function enterSpace(key: string): MemorySpace {
  const space = spaces.get(key) ?? { tables: memoryTables(), listeners: new Set(), users: 0 };
  space.users++;
  spaces.set(key, space);
  return space;
}

/** Forgets the namespace with its last user. */
export function leaveSpace(key: string): void {
  const space = spaces.get(key);
  if (space !== undefined && --space.users === 0) spaces.delete(key);
}
