import type { DriverDefinition } from '../../driver/index.js';
import { EmbeddedDriver } from '../embedded/embedded-driver.js';
import { warnOfUnknownOptions } from '../embedded/url-options.js';
import { MemoryStore } from './memory-store.js';

/**
 * Coordination within one process: `memory:` or `memory:NAME`. Coordinators whose URLs differ only in the query share a
 * store; it is forgotten when the last of them stops. Each call takes effect at one instant, so every claim about order
 * holds. Fencing tokens increase across stores too, unless the wall clock is set back between them.
 *
 * Worker threads do not share it, and two copies of this package in one process have a store each.
 *
 * `timeout`, `membership_timeout`, `lock_timeout` and `namespace` in the query mean what they mean everywhere; any other
 * option is ignored with a warning to the logger.
 */
export const memoryDriver: DriverDefinition = {
  name: 'memory',
  schemes: ['memory'],
  characteristics: new Set([
    'LINEARIZABLE',
    'SEQUENTIAL',
    'CAUSAL',
    'SERIALIZABLE',
    'SAME_VIEW_UNDER_PARTITIONS',
    'SAME_VIEW_ACROSS_CLIENTS',
  ]),
  requiresBeating: true,
  async open(context) {
    warnOfUnknownOptions('memory', context);
    return new EmbeddedDriver(new MemoryStore(storeKey(context), context), context);
  },
};

/** The URL without its query, and the namespace. */
function storeKey({ url, namespace }: { readonly url: URL; readonly namespace: string }): string {
  const { protocol, host, pathname } = url;
  return JSON.stringify([protocol, host, pathname, namespace]);
}
