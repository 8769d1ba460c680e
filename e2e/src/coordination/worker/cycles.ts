import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pause } from '../now.js';
import { TEAM } from './names.js';
import type { Stage } from './stage.js';

/** What a process uses when nothing is under way. */
export interface InUse {
  /** Bytes, after a full collection. */
  readonly heap: number;
  /** What keeps the event loop alive, by kind. */
  readonly resources: readonly string[];
}

/** Locks that are taken and released beside each other, each by one caller. */
const LANES = 16;
/** Of all acquisitions, those for which two callers wait for each other. */
const CONTENDED = 0.2;
/** For one membership, event stream and term there are so many acquisitions. */
const PER_MEMBERSHIP = 50;
/** Timers that end by themselves, ms. */
const SETTLE_MS = 300;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Works `acquisitions` off two times; what is in use after each, so that the second shows what the first has left behind. */
export async function twice(stage: Stage, acquisitions: number): Promise<readonly [InUse, InUse]> {
  await cycles(stage, acquisitions);
  const first = await inUse();
  await cycles(stage, acquisitions);
  return [first, await inUse()];
}

async function cycles(stage: Stage, acquisitions: number): Promise<void> {
  const contended = acquisitions * CONTENDED;
  const callers = Array.from({ length: LANES }, (_, lane) =>
    lockAgainAndAgain(stage, `lane-${lane}`, (acquisitions - contended) / LANES),
  );
  for (let caller = 0; caller < 2; caller++)
    callers.push(lockAgainAndAgain(stage, 'contended', contended / 2));
  await Promise.all(callers);
  for (let n = 0; n < acquisitions / PER_MEMBERSHIP; n++) await membership(stage);
}

async function lockAgainAndAgain({ coordinator }: Stage, name: string, times: number): Promise<void> {
  const lock = coordinator.getLock(name);
  for (let n = 0; n < times; n++) {
    await lock.acquire();
    if (!(await lock.release())) throw new Error(`${name} was lost`);
  }
}

/** A membership that is watched from beginning to end, and a term of office in it. */
async function membership({ coordinator }: Stage): Promise<void> {
  const events = coordinator.events(TEAM)[Symbol.asyncIterator]();
  await events.next();
  await coordinator.joinGroupCreate(TEAM);
  await events.next();
  await coordinator.lead(TEAM, async () => {});
  await events.return?.();
  await coordinator.leaveGroup(TEAM);
  await coordinator.deleteGroup(TEAM);
}

async function inUse(): Promise<InUse> {
  await pause(SETTLE_MS);
  collect();
  const { heapUsed } = process.memoryUsage();
  return { heap: heapUsed, resources: process.getActiveResourcesInfo().sort() };
}
