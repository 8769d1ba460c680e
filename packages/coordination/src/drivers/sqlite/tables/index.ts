import type { Tables } from '../../embedded/tables.js';
import type { Database } from '../library.js';
import { SqliteGroups } from './group-table.js';
import { SqliteLeases } from './lease-table.js';
import { SqliteMembers } from './member-table.js';
import { SqliteQueues } from './queue-table.js';

/** The rows of one namespace, by prepared statements of this connection. */
export function sqliteTables(db: Database, namespace: number): Tables {
  const leases = new SqliteLeases(db, namespace);
  const queues = new SqliteQueues(db, namespace);
  const raise = db
    .prepare<[number, number], number>(
      'UPDATE namespace SET counter = max(counter + 1, ?) WHERE id = ? RETURNING counter',
    )
    .pluck();
  return {
    groups: new SqliteGroups(db, namespace),
    members: new SqliteMembers(db, namespace),
    leases,
    queues,
    raiseCounter: (floor) => raise.get(floor, namespace) ?? floor,
    sweep(now) {
      leases.sweep(now);
      queues.sweep(now);
    },
  };
}

/** The number of a namespace, made on first use; within the caller's transaction. */
export function namespaceId(db: Database, name: string): number {
  db.prepare('INSERT INTO namespace (name, counter) VALUES (?, 0) ON CONFLICT (name) DO NOTHING').run(name);
  return db.prepare<[string], number>('SELECT id FROM namespace WHERE name = ?').pluck().get(name) ?? 0;
}
