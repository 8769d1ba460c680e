/** What the engine has counted since it was started. */
export interface EngineCounts {
  /** Calls that a deployment was given, both colours together, by RPC. */
  readonly calls: Readonly<Record<string, number>>;
  /** Statements that were executed. */
  readonly executions: number;
  readonly authentications: number;
  /** Calls that were refused with 456. */
  readonly mismatches: number;
  /** Queries that were prepared and neither cleared nor cancelled. */
  readonly runningQueries: number;
  /** Switches that have reached their end. */
  readonly switches: number;
}

export interface EngineSwitch {
  readonly announceMs: number;
  readonly drainMs: number;
}

/** The engine's process, asked over IPC. */
export interface EngineWorker {
  /** The router's port on the loopback. */
  open(nothing: null): Promise<number>;
  /** Begins a switch; when that was, by `hostMs`. */
  switch(request: EngineSwitch): Promise<number>;
  counts(nothing: null): Promise<EngineCounts>;
  close(nothing: null): Promise<void>;
}
