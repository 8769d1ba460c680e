import { behaviours } from './behaviours/index.js';
import { driverAreas } from './driver/index.js';
import { scenarios } from './scenarios/index.js';
import type { Cases } from './trial.js';

/** All tests of the suite, by area and title. The contract of the driver first: what fails there explains the rest. */
export const areas: Readonly<Record<string, Cases>> = { ...driverAreas, ...behaviours, ...scenarios };
