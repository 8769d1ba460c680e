import type { BenchContext } from '../../harness/context.js';
import type { Measurement } from '../../harness/results.js';
import type { EtcdProcess } from '../../servers/etcd.js';
import type { RedisProcess } from '../../servers/redis.js';
import type { CandidatePool } from './election/candidate-pool.js';
import type { ToozPeer } from './tooz/tooz-peer.js';

/** What one part of the workload has found. */
export interface Part {
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

/** What all parts share. */
export interface CoordinationBench extends BenchContext {
  /** Arguments for node by which its workers get the package. */
  readonly from: readonly string[];
  readonly pool: CandidatePool;
}

/** What the parts on Redis share. */
export interface RedisBench extends CoordinationBench {
  readonly redis: RedisProcess;
  /** Null where Python's tooz is not installed. */
  readonly tooz: ToozPeer | null;
  /** Null where etcd is not installed. */
  readonly etcd: EtcdProcess | null;
}
