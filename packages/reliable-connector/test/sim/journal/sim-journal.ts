import type { JoinOptions, Journal, JournalSession } from '../../../src/journal/journal.js';
import type { MemoryJournal } from '../../../src/journal/memory/index.js';
import type { Prng } from '../world/prng.js';
import type { SimProcess } from '../world/sim-process.js';
import type { DurableState } from './durable.js';
import { SimSession } from './sim-session.js';

/** How the disk behaves. */
export interface DiskOptions {
  readonly dice: Prng;
  /** Ms from a write to its being durable, from and to. */
  readonly commitMs: readonly [number, number];
  /** The commit of this number fails as with EIO or a full disk; null: none. */
  readonly failsAtCommit: number | null;
  /** The process has its OWNER row. */
  readonly joined?: (owner: number) => void;
  /** The commit has failed. */
  readonly failed?: () => void;
}

/** The one journal of a run, as one process sees it: slow, and gone with the process. */
export function journalOf(
  process: SimProcess,
  journal: MemoryJournal,
  durable: DurableState,
  disk: DiskOptions,
): Journal {
  return {
    async join(options: JoinOptions): Promise<JournalSession> {
      if (!process.alive) return process.lost();
      const session = await journal.join(options);
      disk.joined?.(session.owner.id);
      process.world.trace.add(process.world.now, process.name, () => `joins as owner ${session.owner.id}`);
      return new SimSession(process, session, durable, disk, () => journal.kill(session.owner.id));
    },
    async close() {},
  };
}
