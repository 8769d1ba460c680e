import type { Notice } from '../embedded/notices.js';
import { SharedByKey } from '../embedded/shared-by-key.js';
import type { Tables } from '../embedded/tables.js';

/** One namespace of one store: its rows, and who listens. */
export interface MemorySpace {
  readonly tables: Tables;
  readonly listeners: Set<(notices: readonly Notice[]) => void>;
}

/** All of this process that some driver uses. */
export const memorySpaces: SharedByKey<MemorySpace> = new SharedByKey();
