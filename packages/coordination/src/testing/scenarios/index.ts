import type { Cases } from '../trial.js';

/** What goes wrong in a distributed system, as far as it is the same on every driver and needs no chance. */
export const scenarios: Readonly<Record<string, Cases>> = {};
