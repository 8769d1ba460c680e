import type { NodeName, WorkerPlace } from '../setting.js';

interface Planned {
  /** Counts from 1. */
  readonly n: number;
  /** Ms since the beginning of the load. */
  readonly atMs: number;
  /** Ms until it is taken back; 0: it is over at once. */
  readonly lengthMs: number;
}

/** Who is struck; the leader is known only when it happens. */
export type Victim = 'leader' | WorkerPlace;

/** Chances of what a node does with a call, and a delay of up to `delayMs` for all of them. */
export interface NodeErrors {
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly lostReply: number;
  readonly delayMs: number;
}

export type PlannedFault = Planned &
  (
    | { readonly fault: 'kill-worker' | 'stop-worker'; readonly victim: Victim }
    | {
        readonly fault: 'switch';
        readonly announceMs: number;
        readonly drainMs: number;
        /** Ms after which it is called off in its middle; null: it is not. */
        readonly backAfterMs: number | null;
      }
    | { readonly fault: 'node-errors'; readonly node: NodeName; readonly errors: NodeErrors }
    | { readonly fault: 'node-hang'; readonly node: NodeName; readonly rate: number }
    | { readonly fault: 'node-cut'; readonly node: NodeName }
    | { readonly fault: 'node-restart'; readonly node: NodeName }
    | { readonly fault: 'node-empty'; readonly node: NodeName }
    | {
        readonly fault: 'node-stall';
        readonly node: NodeName;
        readonly direction: 'up' | 'down';
        /** What becomes of the leader while its calls are held: they arrive when the next one has begun to write. */
        readonly leader: 'left' | 'killed' | 'stopped';
      }
    | { readonly fault: 'cluster-restart' }
    | { readonly fault: 'redis-restart'; readonly signal: 'SIGKILL' | 'SIGTERM' }
    | { readonly fault: 'engine-delay'; readonly rate: number; readonly delayMs: number }
  );

/** Those of one name. */
export type FaultOf<F extends PlannedFault['fault']> = Extract<PlannedFault, { readonly fault: F }>;
