import { randomUUID } from 'node:crypto';
import { otherCluster, sameNodes } from '../binding.js';
import type { JoinOptions, Journal, JournalInfo } from '../journal.js';
import { joinFence } from '../leadership.js';
import { describeStore } from './memory-info.js';
import { MemorySession } from './memory-session.js';
import { MemoryStore } from './memory-store.js';

export interface MemoryJournalOptions {
  /** 0–127 (4.1). Default 0. */
  readonly slot?: number;
  /** The journal's id, the scope of its fence (4.7). Default a random UUID. */
  readonly id?: string;
}

/**
 * A journal in this process's memory, for tests and the simulation: any number of sessions share it, as processes share
 * the embedded one. Nothing in it is durable. It has no timers and takes time only from its sessions' clocks, so a run
 * with given clocks is the same each time.
 */
export interface MemoryJournal extends Journal {
  readonly id: string;
  /**
   * The process of this owner is gone: its operating-system lock is free, its sagas can be adopted, its session takes
   * no more calls. `OwnerRecord.id` names it; an unknown one is ignored.
   */
  kill(ownerId: number): void;
  info(): JournalInfo;
}

/** Creates an empty journal in memory. */
export function createMemoryJournal(options: MemoryJournalOptions = {}): MemoryJournal {
  const id = options.id ?? randomUUID();
  const store = new MemoryStore(options.slot ?? 0);
  const sessions = new Map<number, MemorySession>();
  return {
    id,
    async join(o: JoinOptions): Promise<MemorySession> {
      const nodes = store.nodes ?? o.nodes;
      if (!sameNodes(nodes, o.nodes)) throw otherCluster(`the memory journal ${id}`, nodes, o.nodes);
      const fence = joinFence(store.fence, o.term);
      store.nodes = nodes;
      store.fence = fence;
      const session = new MemorySession(id, store, o);
      sessions.set(session.owner.id, session);
      return session;
    },
    async close() {},
    kill(ownerId) {
      sessions.get(ownerId)?.kill();
      sessions.delete(ownerId);
    },
    info: () => describeStore(id, store),
  };
}
