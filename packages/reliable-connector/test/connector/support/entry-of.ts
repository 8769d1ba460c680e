import type { CatalogEntry, MemoryJournal } from '../../../src/index.js';
import { systemClock, systemRandom } from '../../../src/index.js';
import { silentLogger } from '../../../src/logger.js';

/** The catalog's entry of an id, as another session of the journal sees it. */
export async function entryOf(
  journal: MemoryJournal,
  nodes: Readonly<Record<string, string>>,
  groupId: string,
): Promise<CatalogEntry | null> {
  const time = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const session = await journal.join({ nodes, maxServerLagMs: 0, term: null, ...time });
  const entry = await session.catalogEntry(groupId);
  await session.release();
  return entry;
}
