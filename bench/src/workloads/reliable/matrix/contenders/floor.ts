import { join } from 'node:path';
import { BareSide } from '../../bare-side.js';
import type { Creator, CreatorSetup } from './contender.js';
import { DurableLog } from './durable-log.js';

/** As long as the connector's scope. */
const SCOPE_LENGTH = 36;

/** All requests in parallel, once, between two durable writes that share what they can. What fails stays as it is. */
export function openFloor({ nodes, folder }: CreatorSetup): Creator {
  const bare = new BareSide(nodes, SCOPE_LENGTH);
  const log = new DurableLog(join(folder, 'floor.log'));
  return {
    async create(groupId) {
      await log.append();
      const isCreated = await bare.create(groupId);
      await log.append();
      return isCreated ? 'created' : 'failed';
    },
    atRest: async () => {},
    async [Symbol.asyncDispose]() {
      await bare.close();
      log.close();
    },
  };
}
