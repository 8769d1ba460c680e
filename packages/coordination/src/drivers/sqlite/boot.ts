import type { Database } from './library.js';

/** No TTL is longer, so an instant that is further ahead was written down in another boot. */
const LONGEST_TTL_MS = 86_400_000;

const INSTANTS: readonly (readonly [table: string, column: string])[] = [
  ['lease', 'expires_at'],
  ['beat', 'beat_until'],
  ['waiter', 'alive_until'],
];

/**
 * Ends what another boot has left: its leases, beats and places in queues. Groups, members (whom the next reader finds
 * dead) and the fencing counter stay. Where the system does not name its boots, what is provably of another one goes; the
 * rest ends within a day.
 */
export function enterBoot(db: Database, bootId: string | null, now: number): void {
  if (bootId === null) {
    for (const [table, column] of INSTANTS)
      db.prepare(`DELETE FROM ${table} WHERE ${column} > ?`).run(now + LONGEST_TTL_MS);
  } else if (bootId !== bootOf(db)) {
    for (const [table] of INSTANTS) db.exec(`DELETE FROM ${table}`);
    db.prepare('UPDATE host SET boot_id = ?').run(bootId);
  }
}

/** The boot that the file's instants belong to. */
export function bootOf(db: Database): string | null {
  return db.prepare<[], string | null>('SELECT boot_id FROM host').pluck().get() ?? null;
}
