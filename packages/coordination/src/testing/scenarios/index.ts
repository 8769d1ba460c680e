import type { Cases } from '../trial.js';
import { electionScenarios } from './election.js';
import { waitScenarios } from './ends-of-waits.js';
import { eventScenarios } from './events.js';
import { groupScenarios } from './groups.js';
import { lockScenarios } from './locks.js';

/** What goes wrong in a distributed system, as far as it is the same on every driver and needs no chance. */
export const scenarios: Readonly<Record<string, Cases>> = {
  'scenarios: locks': lockScenarios,
  'scenarios: ends of waits': waitScenarios,
  'scenarios: members and callbacks': groupScenarios,
  'scenarios: events': eventScenarios,
  'scenarios: leaders': electionScenarios,
};
