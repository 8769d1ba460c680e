import type { DriverDefinition } from '@holdfast/coordination';
import { JobError } from '../job-error.js';

/** The driver of a coordination URL, loaded on first use. @throws JobError for a scheme that has none. */
export async function driverOf(url: string): Promise<DriverDefinition> {
  const { protocol } = new URL(url);
  switch (protocol) {
    case 'sqlite:':
      return (await import('@holdfast/coordination/drivers/sqlite')).sqliteDriver;
    case 'redis:':
    case 'rediss:':
      return (await import('@holdfast/coordination/drivers/redis')).redisDriver;
    case 'memory:':
      return (await import('@holdfast/coordination/drivers/memory')).memoryDriver;
    default:
      throw new JobError('CONFIG', `no coordination backend for ${protocol} URLs`, {
        remedy: 'Write sqlite:PATH, or redis://host:port.',
      });
  }
}
