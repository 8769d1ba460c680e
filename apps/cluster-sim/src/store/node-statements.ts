import type Database from 'better-sqlite3';

/** Width of a stored fence: the digits of 2^64 - 1. */
export const FENCE_DIGITS = 20;

/** One row of the extension `list`. */
export interface ListedGroup {
  readonly groupId: string;
  readonly timestamp: number | null;
}

type Statement<Parameters extends unknown[], Row = unknown> = Database.Statement<Parameters, Row>;

/** All SQL of a node, prepared once per open file. */
export interface NodeStatements {
  readonly begin: Statement<[]>;
  readonly commit: Statement<[]>;
  readonly rollback: Statement<[]>;
  readonly find: Statement<[string], number | null>;
  readonly insert: Statement<[string, number | null]>;
  readonly delete: Statement<[string]>;
  readonly deleteVersion: Statement<[string, number]>;
  readonly findTombstone: Statement<[string, number], number>;
  readonly bury: Statement<[string, number, number]>;
  readonly prune: Statement<[number, number]>;
  readonly findFence: Statement<[string], string>;
  readonly raiseFence: Statement<[string, string]>;
  readonly count: Statement<[], number>;
  readonly ids: Statement<[], string>;
  readonly listFirst: Statement<[number], ListedGroup>;
  readonly listAfter: Statement<[string, number], ListedGroup>;
}

export function prepareStatements(database: Database.Database): NodeStatements {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    find: database.prepare<[string], number | null>('SELECT timestamp FROM groups WHERE id = ?').pluck(),
    insert: database.prepare('INSERT INTO groups (id, timestamp) VALUES (?, ?) ON CONFLICT (id) DO NOTHING'),
    delete: database.prepare('DELETE FROM groups WHERE id = ?'),
    deleteVersion: database.prepare('DELETE FROM groups WHERE id = ? AND timestamp = ?'),
    findTombstone: database
      .prepare<[string, number], number>('SELECT 1 FROM tombstones WHERE id = ? AND timestamp = ?')
      .pluck(),
    bury: database.prepare(
      `INSERT INTO tombstones (id, timestamp, deleted_at) VALUES (?, ?, ?)
       ON CONFLICT (id, timestamp) DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)`,
    ),
    prune: database.prepare(
      `DELETE FROM tombstones WHERE (id, timestamp) IN
         (SELECT id, timestamp FROM tombstones WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?)`,
    ),
    findFence: database.prepare<[string], string>('SELECT value FROM fences WHERE scope = ?').pluck(),
    raiseFence: database.prepare(
      `INSERT INTO fences (scope, value) VALUES (?, ?)
       ON CONFLICT (scope) DO UPDATE SET value = excluded.value`,
    ),
    count: database.prepare<[], number>('SELECT count(*) FROM groups').pluck(),
    ids: database.prepare<[], string>('SELECT id FROM groups ORDER BY id').pluck(),
    listFirst: database.prepare('SELECT id AS groupId, timestamp FROM groups ORDER BY id LIMIT ?'),
    listAfter: database.prepare(
      'SELECT id AS groupId, timestamp FROM groups WHERE id > ? ORDER BY id LIMIT ?',
    ),
  };
}
