import type { FaultOf } from '../plan/planned-fault.js';
import { LEASE_MS, type WorkerPlace } from '../setting.js';
import type { Stage, Tell } from './stage.js';
import { killAndReplace } from './worker-faults.js';

type NodeStall = FaultOf<'node-stall'>;

/** Ms between the first write of a later term and the delivery of what was held. */
const SOON_MS = 100;
/** Ms after which a killed leader comes back. */
const REPLACED_AFTER_MS = 500;

/**
 * The connections to a node stand still in one direction. Where the leader is killed or stopped meanwhile, its writes
 * arrive as soon as the next leader has written to the node, which has seen the higher term then; at the latest when the
 * time is over.
 */
export async function nodeStall(fault: NodeStall, stage: Stage, tell: Tell): Promise<void> {
  const { stack, wait } = stage;
  const { node, direction, leader, lengthMs } = fault;
  const who = leader === 'left' ? null : stack.workers.claim('leader');
  const what = who === null ? '' : `, ${stack.workers.describe(who)} is ${leader}`;
  const over = tell(node, `${direction === 'up' ? 'requests' : 'replies'} are held${what}`);
  const stall = stack.cluster.proxies[node].stall(direction);
  const struck = who === null ? null : strike(who, fault, stage);
  try {
    const overtaken = who === null ? new Promise<never>(() => {}) : stall.overtaken.then(() => wait(SOON_MS));
    await Promise.race([wait(lengthMs), overtaken]);
  } finally {
    stall.release();
    over();
    await struck;
  }
}

async function strike(place: WorkerPlace, { leader, strikeAfterMs }: NodeStall, stage: Stage): Promise<void> {
  const { workers } = stage.stack;
  try {
    await stage.wait(strikeAfterMs);
    if (leader === 'killed') return await killAndReplace(place, REPLACED_AFTER_MS, stage);
    workers.pause(place, true);
    await stage.wait(LEASE_MS * 2);
    workers.pause(place, false);
  } finally {
    workers.release(place);
  }
}
