import type { BenchContext } from '../../harness/context.js';
import type { Measurement } from '../../harness/results.js';
import type { RedisProcess } from '../../servers/redis.js';
import type { ToozPeer } from './tooz/tooz-peer.js';

/** What one part of the workload has found. */
export interface Part {
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

/** What the parts on Redis share. */
export interface RedisBench extends BenchContext {
  readonly redis: RedisProcess;
  /** Null where Python's tooz is not installed. */
  readonly tooz: ToozPeer | null;
}
