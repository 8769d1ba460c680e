export type { CreateRedisClient, RedisClient, RedisClientOptions, RedisTemplate } from './client.js';
export type { RedisStoreOptions } from './options.js';
export { redisStore } from './redis-store.js';
