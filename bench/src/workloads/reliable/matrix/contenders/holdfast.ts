import { join } from 'node:path';
import { openConnector } from '@holdfast/reliable-connector';
import type { Creator, CreatorSetup } from './contender.js';

/** The connector as a user opens it, on a durable journal. */
export async function openHoldfast({ nodes, folder }: CreatorSetup): Promise<Creator> {
  const connector = await openConnector({ nodes, journal: join(folder, 'journal.db') });
  const unsettled = new Set<Promise<unknown>>();
  return {
    async create(groupId) {
      const { status, settled } = await connector.createGroup(groupId);
      if (settled !== undefined) {
        const end = (): unknown => unsettled.delete(settled);
        unsettled.add(settled);
        settled.then(end, end);
      }
      if (status === 'committed') return 'created';
      return status === 'in_doubt' || status === 'parked' ? 'open' : 'failed';
    },
    async atRest() {
      await Promise.allSettled(unsettled);
    },
    [Symbol.asyncDispose]: () => connector.close(),
  };
}
