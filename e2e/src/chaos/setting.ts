/** The stack as chaos runs it: small leases, so that a run sees many terms, and limits that its faults keep. */
export const LEASE_MS = 1_500;

/** Ms between two runs of the leader. */
export const INTERVAL_MS = 150;

/** Longest time in ms that a proxy holds what was sent through it. */
export const MOST_HELD_MS = 5_000;

/** Ms that a fault which is to strike a leader at work waits for one. */
export const LEADER_AWAITED_MS = 4_500;

/** Q of workers and commands, ms: what the proxies hold at most, and the rest is room for a busy machine. */
export const MAX_SERVER_LAG_MS = 7_000;

/** Chance of an own error of a node, in peace as in chaos. */
export const ERROR_RATE = 0.05;

export const NODES = ['node01', 'node02', 'node03'] as const;
export type NodeName = (typeof NODES)[number];

export const WORKERS = ['worker-1', 'worker-2', 'worker-3'] as const;
export type WorkerPlace = (typeof WORKERS)[number];

/** The group that the workers form. */
export const WORKER_GROUP = 'holdfast-workers';

export const ADMIN_TOKEN = 'token-of-the-chaos-runs';
