/** How much of it is done. */
export interface StackSizes {
  /** Ids that are wanted at once, ascending. */
  readonly wants: readonly number[];
  /** Of these, what is measured on Redis as well: the journal, which takes most of it, is the same there. */
  readonly redisWants: readonly number[];
  /** Whether Redis takes part at all. */
  readonly redis: boolean;
  readonly idle: IdleSizes;
  /** Leaders that are killed and stopped, of each backend; 0: none. */
  readonly elections: number;
  readonly leaseMs: number;
  /** Of chaos; 0: none. At least 5. */
  readonly chaosSeconds: number;
}

export interface IdleSizes {
  /** Ms from the start, and from the wish, to the look. */
  readonly settleMs: number;
  /** Ms over which CPU time is counted. */
  readonly sampleMs: number;
  /** Ids that are wanted before the second look. */
  readonly ids: number;
}

/** Sizes as the contract has them. */
export const STACK_FULL: StackSizes = {
  wants: [1, 100, 10_000],
  redisWants: [1, 100],
  redis: true,
  idle: { settleMs: 60_000, sampleMs: 20_000, ids: 1_000 },
  elections: 7,
  leaseMs: 5_000,
  chaosSeconds: 15,
};

/** Shows that everything runs. */
export const STACK_QUICK: StackSizes = {
  wants: [10],
  redisWants: [],
  redis: true,
  idle: { settleMs: 0, sampleMs: 500, ids: 10 },
  elections: 1,
  leaseMs: 700,
  chaosSeconds: 0,
};
