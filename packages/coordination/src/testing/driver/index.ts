import type { Cases } from '../trial.js';
import { beatCases } from './beats.js';
import { groupCases } from './groups.js';
import { lifeCases } from './life.js';
import { lockCases } from './locks.js';
import { memberCases } from './members.js';
import { queueCases } from './queue.js';
import { sharedCases } from './shared.js';

/** The contract of `Driver`, method by method. */
export const driverAreas: Readonly<Record<string, Cases>> = {
  'driver: open, listen, close': lifeCases,
  'driver: groups': groupCases,
  'driver: members': memberCases,
  'driver: beat': beatCases,
  'driver: locks': lockCases,
  'driver: queue': queueCases,
  'driver: shared locks': sharedCases,
};
