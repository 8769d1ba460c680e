import { LeadershipLost, MemberAlreadyExist, MemberNotJoined } from '@holdfast/coordination';
import { pause } from '../now.js';
import { spend } from './grants.js';
import { SET, TEAM } from './names.js';
import type { Work } from './protocol.js';
import type { Stage } from './stage.js';

/** Many times as long as anybody holds a lock or is dead before it comes free, ms. */
const WAIT_MS = 10_000;
const gaveUp = `no lock in ${WAIT_MS} ms`;
/** In which rounds, of so many, a holder of the set's lock has itself stopped in the worst place. */
const STOP_IN = 1;
const STOP_OF = 10;
/** Of those who want the readers' lock, how many want to write. */
const WRITER_RATE = 0.3;

/** One round of each work; the caller repeats it. */
export const ROUNDS: Readonly<Record<Work, (stage: Stage, turn: number) => Promise<void>>> = {
  /** Takes a lock, looks a few times, and gives it back. */
  async mutex(stage) {
    const lock = stage.coordinator.getLock('mutex');
    if (!(await lock.acquire({ timeoutMs: WAIT_MS }))) throw new Error(gaveUp);
    const fence = lock.fencingToken ?? 0n;
    await spend(stage, { log: 'mutex', fence, mode: 'exclusive', isHeld: () => lock.acquired });
    await lock.release();
  },

  async readers(stage) {
    const lock = stage.coordinator.getLock('readers');
    const shared = stage.random() >= WRITER_RATE;
    if (!(await lock.acquire({ timeoutMs: WAIT_MS, shared }))) throw new Error(gaveUp);
    const fence = lock.fencingToken ?? 0n;
    const mode = shared ? 'shared' : 'exclusive';
    await spend(stage, { log: 'readers', fence, mode, isHeld: () => lock.acquired });
    await lock.release();
  },

  /**
   * Reads two registers, adds to both and writes them back, and never looks whether it still holds the lock. One checks
   * the fence, the other does not. In some rounds it is stopped in between until somebody else has written.
   */
  async set({ coordinator, line, memberId, random }, turn) {
    const lock = coordinator.getLock(SET.lock);
    if (!(await lock.acquire({ timeoutMs: WAIT_MS }))) throw new Error(gaveUp);
    const fence = Number(lock.fencingToken);
    const added = `${memberId}.${fence}`;
    const [fenced, unfenced] = [
      await line.call('read', SET.fenced, fence),
      await line.call('read', SET.unfenced, null),
    ];
    if (turn % STOP_OF === STOP_IN) await line.call('stopMe', SET.fenced, fence);
    await pause(random() * 3);
    if (fenced) await line.call('write', SET.fenced, [...fenced, added], fence);
    await line.call('write', SET.unfenced, [...(unfenced ?? []), added], null);
    await lock.release();
  },

  /** Serves a term for a while, or until it is over. */
  async lead(stage) {
    const { coordinator, random, calm } = stage;
    const workMs = random() * 60;
    await coordinator
      .lead(
        TEAM,
        async ({ term, signal }) => {
          const until = pause(workMs);
          await spend(stage, { log: 'terms', fence: term, mode: 'exclusive', isHeld: () => !signal.aborted });
          await until;
          await spend(stage, { log: 'terms', fence: term, mode: 'exclusive', isHeld: () => !signal.aborted });
        },
        { signal: calm },
      )
      .catch((error: unknown) => {
        if (!(error instanceof LeadershipLost) && !calm.aborted) throw error;
      });
    await pause(random() * 10);
  },

  /** Is a member for a while, then not. */
  async members({ coordinator, random }) {
    try {
      if (!coordinator.joinedGroups.has(TEAM)) await coordinator.joinGroupCreate(TEAM, { pid: process.pid });
      await pause(random() * 120);
      if (random() < 0.5 && coordinator.joinedGroups.has(TEAM)) await coordinator.leaveGroup(TEAM);
    } catch (error) {
      // Evicted while it was stopped and did not know yet, or joined again by the coordinator itself meanwhile.
      if (!(error instanceof MemberNotJoined || error instanceof MemberAlreadyExist)) throw error;
    }
    await pause(random() * 60);
  },
};
