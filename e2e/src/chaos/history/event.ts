/** What chaos does to the stack. Each fault has a beginning, and an end where it lasts. */
export const FAULTS = [
  'kill-worker',
  'stop-worker',
  'switch',
  'node-errors',
  'node-hang',
  'node-cut',
  'node-stall',
  'node-restart',
  'node-empty',
  'cluster-restart',
  'redis-restart',
  'engine-delay',
] as const;

export type FaultName = (typeof FAULTS)[number];

export type Colour = 'blue' | 'green';

interface At {
  /** Ms since the beginning of the run. Everything in a run shares the host's wall clock, whose zero `History.began` is. */
  readonly at: number;
}

/** A fault begins or ends; `n` says which beginning an end belongs to. One that has no length ends at once. */
export interface FaultEvent extends At {
  readonly type: 'fault';
  readonly n: number;
  readonly fault: FaultName;
  /** A worker, a node, a colour or a server. */
  readonly target: string;
  readonly phase: 'begin' | 'end';
  readonly detail?: string;
}

/** What became of a worker's process. `worker` is its place (worker-1), `id` its name in the group, new with each process. */
export interface WorkerEvent extends At {
  readonly type: 'worker';
  readonly worker: string;
  readonly id: string;
  readonly pid: number;
  readonly what: 'started' | 'joined' | 'killed' | 'stopped' | 'continued' | 'exited';
  /** How it exited. */
  readonly detail?: string;
}

/** A worker's own word on its terms, from its log. */
export interface TermEvent extends At {
  readonly type: 'term';
  readonly id: string;
  /** Decimal. */
  readonly term: string;
  readonly phase: 'begin' | 'end';
  readonly detail?: string;
}

/** Who leads according to the coordination backend, as an observer outside the workers is told. */
export interface ElectedEvent extends At {
  readonly type: 'elected';
  readonly id: string;
  readonly term: string;
}

/** The engine's state changed, from its admin. */
export interface ColourEvent extends At {
  readonly type: 'colour';
  readonly active: Colour;
  readonly phase: string;
  readonly next: Colour | null;
}

/** A change of the wanted set through the query engine. `unknown`: it may or may not have been carried out. */
export interface WantedEvent extends At {
  readonly type: 'wanted';
  readonly change: 'want' | 'unwant';
  readonly ids: readonly string[];
  readonly outcome: 'done' | 'unknown' | 'failed';
  readonly tookMs: number;
  readonly error?: string;
}

/** An ad-hoc query. `wrong`: it ended well with rows that it must not have. */
export interface QueryEvent extends At {
  readonly type: 'query';
  /** In the query's text, once. */
  readonly tag: string;
  readonly outcome: 'ok' | 'failed' | 'wrong';
  readonly rows: number;
  readonly tookMs: number;
  readonly error?: string;
}

/** An ad-hoc `job` command beside the leader. */
export interface CommandEvent extends At {
  readonly type: 'command';
  readonly args: readonly string[];
  readonly code: number | null;
  readonly tookMs: number;
}

/** A run of the leader that changed the cluster, from its log. */
export interface RunEvent extends At {
  readonly type: 'run';
  readonly id: string;
  readonly term: string;
  readonly created: number;
  readonly deleted: number;
  readonly repaired: number;
}

/** A stage of the run itself. */
export interface StageEvent extends At {
  readonly type: 'stage';
  readonly stage: 'chaos' | 'healed' | 'quiet' | 'judged';
}

/** What must never be seen in any output: an unhandled rejection, a crash with a stack, a process that ended by itself. */
export interface TroubleEvent extends At {
  readonly type: 'trouble';
  readonly source: string;
  readonly text: string;
}

export type ChaosEvent =
  | FaultEvent
  | WorkerEvent
  | TermEvent
  | ElectedEvent
  | ColourEvent
  | WantedEvent
  | QueryEvent
  | CommandEvent
  | RunEvent
  | StageEvent
  | TroubleEvent;
