import type { JournalInfo } from '../journal.js';
import type { MemoryStore } from './memory-store.js';

/** What a memory journal holds. */
export function describeStore(id: string, store: MemoryStore): JournalInfo {
  const sagas = { locked: 0, applying: 0, aborting: 0, ended: 0, parked: 0 };
  for (const saga of store.sagas.values()) {
    sagas[saga.phase]++;
    if (saga.parked !== null) sagas.parked++;
  }
  return {
    id,
    path: null,
    schemaVersion: 1,
    slot: store.slot,
    ...store.fence,
    nodes: store.nodes ?? {},
    sagas,
    catalog: store.catalog.size,
    hot: store.hot().length,
    owners: store.owners.size,
    bytes: 0,
  };
}
