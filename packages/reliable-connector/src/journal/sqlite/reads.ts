import type { JournalInfo, OpenSaga, SagaQuery } from '../journal.js';
import type { OwnerRecord } from '../records.js';
import type { JournalContext } from './context.js';
import type { Database } from './driver.js';
import { fileBytes } from './files.js';
import { schemaVersion } from './migrate.js';
import { isLocked } from './owner-lock.js';

/** Sagas with the state of their owners; each owner is probed once. */
export function readOpen({ tables, driver, owners }: JournalContext, query: SagaQuery): OpenSaga[] {
  const seen = new Map<number, { readonly owner: OwnerRecord | null; readonly ownerAlive: boolean }>();
  return tables.sagas.query(query).map((saga) => {
    const id = saga.owner ?? 0;
    let state = seen.get(id);
    if (state === undefined) {
      const owner = saga.owner === null ? null : tables.owners.get(saga.owner);
      state = { owner, ownerAlive: owner !== null && isLocked(driver, owners, owner.uuid) };
      seen.set(id, state);
    }
    return { saga, ...state };
  });
}

interface Counts {
  readonly locked: number;
  readonly applying: number;
  readonly aborting: number;
  readonly ended: number;
  readonly parked: number;
  readonly catalog: number;
  readonly hot: number;
  readonly owners: number;
}

const NO_COUNTS: Counts = {
  locked: 0,
  applying: 0,
  aborting: 0,
  ended: 0,
  parked: 0,
  catalog: 0,
  hot: 0,
  owners: 0,
};

/** What the journal holds. Counts the whole catalog and all ended sagas: not for a hot path. */
export function readInfo(db: Database, { path, tables }: JournalContext): JournalInfo {
  const unfinished = 'FROM saga INDEXED BY saga_open WHERE ended_at IS NULL';
  const counts =
    db
      .prepare<[], Counts>(
        `SELECT
           (SELECT count(*) ${unfinished} AND phase = 'locked') AS locked,
           (SELECT count(*) ${unfinished} AND phase = 'applying') AS applying,
           (SELECT count(*) ${unfinished} AND phase = 'aborting') AS aborting,
           (SELECT count(*) ${unfinished} AND parked IS NOT NULL) AS parked,
           (SELECT count(*) FROM saga INDEXED BY saga_ended WHERE ended_at IS NOT NULL) AS ended,
           (SELECT count(*) FROM catalog) AS catalog,
           (SELECT count(*) FROM hot) AS hot,
           (SELECT count(*) FROM owner) AS owners`,
      )
      .get() ?? NO_COUNTS;
  const { catalog, hot, owners, ...sagas } = counts;
  return {
    path,
    schemaVersion: schemaVersion(db),
    ...tables.row.peek(),
    nodes: tables.nodes.read() ?? {},
    sagas,
    catalog,
    hot,
    owners,
    bytes: fileBytes(path) + fileBytes(`${path}-wal`),
  };
}
