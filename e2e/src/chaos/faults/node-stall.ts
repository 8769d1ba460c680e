import type { FaultOf } from '../plan/planned-fault.js';
import { LEADER_AWAITED_MS, LEASE_MS, MOST_HELD_MS, type WorkerPlace } from '../setting.js';
import type { WriteStall } from '../stack/stall.js';
import type { Stage, Tell } from './stage.js';
import { killAndReplace } from './worker-faults.js';

type NodeStall = FaultOf<'node-stall'>;

/** Ms between the first write of a later term and the delivery of what was held. */
const SOON_MS = 100;
/** Ms after which a killed leader comes back. */
const REPLACED_AFTER_MS = 500;

const LOOK_EVERY_MS = 50;

/**
 * The connections to a node stand still in one direction. Where the leader is killed or stopped, its writes do, and it
 * happens when one of them is held; they arrive as soon as the next leader has written to the node, which has seen the
 * higher term then, and at the latest when the time is over.
 */
export async function nodeStall(fault: NodeStall, stage: Stage, tell: Tell): Promise<void> {
  const who = fault.leader === 'left' ? null : await claimLeader(stage);
  if (who === null) await hold(fault, stage, tell);
  else await holdAndStrike(who, fault, stage, tell);
}

async function hold({ node, direction, lengthMs }: NodeStall, stage: Stage, tell: Tell): Promise<void> {
  const over = tell(node, `${direction === 'up' ? 'requests' : 'replies'} are held`);
  const stall = stage.stack.cluster.proxies[node].stall(direction);
  try {
    await stage.wait(lengthMs);
  } finally {
    stall.release();
    over();
  }
}

async function holdAndStrike(place: WorkerPlace, fault: NodeStall, stage: Stage, tell: Tell): Promise<void> {
  const { stack, wait } = stage;
  const { node, lengthMs, leader } = fault;
  const over = tell(node, `writes are held, ${stack.workers.describe(place)} is ${leader}`);
  const stall = stack.cluster.proxies[node].stallWrites();
  stack.workers.guard(true);
  const deliver = async (): Promise<void> => {
    await Promise.race([wait(lengthMs), stall.overtaken.then(() => wait(SOON_MS))]).finally(() => {
      stack.workers.guard(false);
      stall.letOthersPass();
      stall.release();
      over();
    });
  };
  await Promise.all([deliver(), strike(place, stall, leader, stage)]);
}

/** Null: nobody led for long, or whoever did was under another fault. */
async function claimLeader({ stack: { workers }, wait }: Stage): Promise<WorkerPlace | null> {
  for (let waited = 0; waited < LEADER_AWAITED_MS; waited += LOOK_EVERY_MS) {
    const place = workers.claimWorkingLeader();
    if (place !== null) return place;
    await wait(LOOK_EVERY_MS);
  }
  return null;
}

async function strike(
  place: WorkerPlace,
  stall: WriteStall,
  leader: NodeStall['leader'],
  stage: Stage,
): Promise<void> {
  const { workers } = stage.stack;
  try {
    await Promise.race([stall.holding, stage.wait(MOST_HELD_MS / 4)]);
    const struck =
      leader === 'killed' ? killAndReplace(place, REPLACED_AFTER_MS, stage) : stopForLong(place, stage);
    stall.letOthersPass();
    await struck;
  } finally {
    workers.release(place);
  }
}

async function stopForLong(place: WorkerPlace, { stack: { workers }, wait }: Stage): Promise<void> {
  workers.pause(place, true);
  await wait(LEASE_MS * 2);
  workers.pause(place, false);
}
