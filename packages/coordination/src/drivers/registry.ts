import type { DriverDefinition } from '../driver/index.js';
import { CoordinationError } from '../errors.js';
import { memoryDriver } from './memory/index.js';
import { redisDriver } from './redis/index.js';
import { sqliteDriver } from './sqlite/index.js';

/** The drivers of this package. Each loads its library only when it is opened. */
const DRIVERS: readonly DriverDefinition[] = [memoryDriver, sqliteDriver, redisDriver];

/** The driver of a URL's scheme. */
export function driverOf(url: URL): DriverDefinition {
  const scheme = url.protocol.replace(/:$/, '');
  const found = DRIVERS.find((driver) => driver.schemes.includes(scheme));
  if (found) return found;
  const known = DRIVERS.flatMap((driver) => driver.schemes).map((one) => `${one}:`);
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `no driver for ${scheme}: URLs; give one of ${known.join(', ')}, or your own in the option driver`,
  );
}
