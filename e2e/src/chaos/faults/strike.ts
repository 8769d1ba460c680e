import type { PlannedFault } from '../plan/planned-fault.js';
import * as nodes from './node-faults.js';
import { nodeStall } from './node-stall.js';
import * as servers from './server-faults.js';
import type { Stage, Tell } from './stage.js';
import { killWorker, stopWorker } from './worker-faults.js';

/** Carries one fault out; resolves when it has been taken back. What cannot be struck now is left out. */
export async function strike(fault: PlannedFault, stage: Stage): Promise<void> {
  const { recorder } = stage;
  const tell: Tell = (target, detail) => {
    const told = { type: 'fault', n: fault.n, fault: fault.fault, target } as const;
    const more = detail === undefined ? {} : { detail };
    recorder.add({ ...told, at: recorder.now(), phase: 'begin', ...more });
    return () => recorder.add({ ...told, at: recorder.now(), phase: 'end' });
  };
  switch (fault.fault) {
    case 'kill-worker':
      return killWorker(fault, stage, tell);
    case 'stop-worker':
      return stopWorker(fault, stage, tell);
    case 'switch':
      return servers.switchColour(fault, stage, tell);
    case 'node-errors':
      return nodes.nodeErrors(fault, stage, tell);
    case 'node-hang':
      return nodes.nodeHang(fault, stage, tell);
    case 'node-cut':
      return nodes.nodeCut(fault, stage, tell);
    case 'node-stall':
      return nodeStall(fault, stage, tell);
    case 'node-restart':
      return nodes.nodeRestart(fault, stage, tell);
    case 'node-empty':
      return nodes.nodeEmpty(fault, stage, tell);
    case 'cluster-restart':
      return servers.clusterRestart(fault, stage, tell);
    case 'redis-restart':
      return servers.redisRestart(fault, stage, tell);
    case 'engine-delay':
      return servers.engineDelay(fault, stage, tell);
  }
}
