import { COORDINATION } from './0001-coordination.js';
import { SEEN_AT } from './0002-seen-at.js';

/** One step of the schema; its number is its place, from 1. */
export type Migration = string;

/** Append-only: what has been released is never edited. */
export const MIGRATIONS: readonly Migration[] = [COORDINATION, SEEN_AT];
