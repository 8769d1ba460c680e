/**
 * Ids are bytes, since an id need not be UTF-8. Instants (`…_until`, `expires_at`, `at`) are monotonic ms of the boot
 * that `host` names. `notice` is the log of hints, from which each connection reads what is new.
 */
export const COORDINATION = `
CREATE TABLE host (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  boot_id TEXT
) STRICT;
INSERT INTO host VALUES (1, NULL);

CREATE TABLE namespace (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  counter INTEGER NOT NULL
) STRICT;

CREATE TABLE "group" (
  namespace INTEGER NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY (namespace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
  namespace INTEGER NOT NULL,
  group_id BLOB NOT NULL,
  id BLOB NOT NULL,
  client TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  capabilities BLOB NOT NULL,
  PRIMARY KEY (namespace, group_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_client ON member (namespace, client);

CREATE TABLE beat (
  namespace INTEGER NOT NULL,
  client TEXT NOT NULL,
  beat_until REAL NOT NULL,
  PRIMARY KEY (namespace, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  namespace INTEGER NOT NULL,
  lock BLOB NOT NULL,
  token TEXT NOT NULL,
  mode TEXT NOT NULL,
  member BLOB NOT NULL,
  fence INTEGER NOT NULL,
  expires_at REAL NOT NULL,
  asked INTEGER NOT NULL,
  PRIMARY KEY (namespace, lock, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiter (
  namespace INTEGER NOT NULL,
  lock BLOB NOT NULL,
  place INTEGER NOT NULL,
  token TEXT NOT NULL,
  mode TEXT NOT NULL,
  member BLOB NOT NULL,
  alive_until REAL NOT NULL,
  claim_until REAL,
  claim_timeout_ms REAL NOT NULL,
  PRIMARY KEY (namespace, lock, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiter_by_token ON waiter (token);

CREATE TABLE notice (
  seq INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  namespace INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject BLOB NOT NULL,
  at REAL
) STRICT;
`;
