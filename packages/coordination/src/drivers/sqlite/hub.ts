import type { Notice } from '../embedded/notices.js';
import { SharedByKey } from '../embedded/shared-by-key.js';

/** The connections of this process to one namespace of one file: they tell each other without waiting for a poll. */
export interface Hub {
  /** Marks the notices that they have told each other. */
  readonly id: string;
  readonly listeners: Set<(notices: readonly Notice[]) => void>;
}

/** All of this process, by path and namespace. */
export const hubs: SharedByKey<Hub> = new SharedByKey();
