export type { Clock } from './clock.js';
export { type ClusterSim, startClusterSim } from './cluster-sim.js';
export { ClusterSimError, type ClusterSimErrorCode } from './cluster-sim-error.js';
export type { Extension, ExtensionSet } from './extensions.js';
export type {
  DelayFault,
  FaultPlan,
  FaultRates,
  FaultScope,
  FaultVerb,
  LateFault,
  NodeFaults,
} from './faults/fault-plan.js';
export type { AppliedEntry } from './log/applied-entry.js';
export type { Logger } from './logger.js';
export {
  type ClusterSimOptions,
  type ResolvedClusterSimOptions,
  resolveClusterSimOptions,
} from './options.js';
export type { Random } from './random.js';
