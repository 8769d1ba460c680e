/** The tables of 4.3. Never edited: a change is a further migration. */
export const JOURNAL = `
CREATE TABLE journal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 127),
  boot_id TEXT,
  token_counter INTEGER NOT NULL,
  last_saga INTEGER NOT NULL,
  last_owner INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  term INTEGER
) STRICT;

CREATE TABLE node (
  name TEXT PRIMARY KEY,
  url TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE owner (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  term INTEGER,
  opened_at REAL NOT NULL
) STRICT;

CREATE TABLE saga (
  id INTEGER PRIMARY KEY,
  definition TEXT NOT NULL,
  key TEXT,
  phase TEXT NOT NULL CHECK (phase IN ('locked', 'applying', 'aborting', 'ended')),
  owner INTEGER,
  epoch INTEGER NOT NULL,
  token REAL,
  prior REAL,
  created_at REAL NOT NULL,
  ended_at REAL,
  idempotency_key TEXT,
  args_hash TEXT,
  direction TEXT,
  reason TEXT,
  steps TEXT NOT NULL,
  input TEXT,
  memo TEXT,
  burnt TEXT,
  parked TEXT,
  results TEXT,
  probes TEXT,
  resolved TEXT,
  timeline TEXT,
  outcome TEXT,
  CHECK ((phase = 'ended') = (ended_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX saga_open ON saga (key) WHERE ended_at IS NULL;

CREATE UNIQUE INDEX saga_idempotency ON saga (idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE INDEX saga_ended ON saga (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX saga_forget ON saga (ended_at) WHERE ended_at IS NOT NULL AND idempotency_key IS NOT NULL;

CREATE TABLE catalog (
  key TEXT PRIMARY KEY,
  token REAL NOT NULL,
  created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hot (
  key TEXT NOT NULL,
  step TEXT NOT NULL,
  token REAL NOT NULL,
  until REAL NOT NULL,
  PRIMARY KEY (key, step, token)
) STRICT, WITHOUT ROWID;
`;
