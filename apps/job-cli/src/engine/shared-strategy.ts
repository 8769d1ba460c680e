import type { StrategyStoreProvider } from '@holdfast/strategy-client';

/**
 * Where the workers of a group share which colour is active: in Redis, when they coordinate there, so that a switch that
 * one has met costs no other a refused call. Undefined elsewhere, and for URLs with more than host, port and database.
 */
export async function sharedStrategy(coordinationUrl: string): Promise<StrategyStoreProvider | undefined> {
  const url = new URL(coordinationUrl);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') return undefined;
  if (url.searchParams.has('sentinel')) return undefined;
  url.search = '';
  const { redisStore } = await import('@holdfast/strategy-client/stores/redis');
  return redisStore(url.href);
}
