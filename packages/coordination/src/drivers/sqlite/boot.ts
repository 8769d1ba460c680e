import type { Database, Statement } from './library.js';

/** How often `seen_at` is written, ms. */
const NOTE_MS = 1_000;
/** So much may the clocks of two processors differ, ms: more than they do, as ending a lease that lives is the worse error. */
const SKEW_MS = 1_000;

/**
 * Ends what another boot has left: its leases, beats and places in queues. Groups, members (whom the next reader finds
 * dead) and the fencing counter stay.
 *
 * Where the system does not name its boots (`bootId` null), a boot that has not come as far as the file has seen is
 * another one. One that has come further is not told apart, and need not be: what was written before it ends, within
 * its TTL and two seconds, as if it had been written now. The wall clock less the uptime would tell more, but whoever
 * sets the clock would end leases that live.
 */
export function enterBoot(db: Database, bootId: string | null, now: number): void {
  const isAnother = bootId === null ? seenAt(db) > now + SKEW_MS : bootId !== bootOf(db);
  if (!isAnother) return;
  db.exec('DELETE FROM lease; DELETE FROM beat; DELETE FROM waiter');
  db.prepare('UPDATE host SET boot_id = coalesce(?, boot_id), seen_at = NULL').run(bootId);
}

/** The boot that the file's instants belong to. */
export function bootOf(db: Database): string | null {
  return db.prepare<[], string | null>('SELECT boot_id FROM host').pluck().get() ?? null;
}

function seenAt(db: Database): number {
  return db.prepare<[], number | null>('SELECT seen_at FROM host').pluck().get() ?? -Infinity;
}

/** Writes down how far a boot without a name has come, for `enterBoot` of the next one. */
export class BootLog {
  readonly #note: Statement<[number]>;
  #notedAt = -Infinity;

  constructor(db: Database) {
    this.#note = db.prepare('UPDATE host SET seen_at = ?');
  }

  /** Within a transaction that writes. */
  note(now: number): void {
    if (now - this.#notedAt < NOTE_MS) return;
    this.#note.run(now);
    this.#notedAt = now;
  }
}
