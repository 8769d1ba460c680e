export interface CyclesSetup {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
}

export interface CyclesOrder {
  readonly cycles: number;
  readonly callers: number;
}

/** What a process and its server hold while nothing is under way. */
export interface Holding {
  /** After a full collection. */
  readonly heapMiB: number;
  /** Timers that the process waits for. */
  readonly timers: number;
  /** Abort listeners on the one signal that was given to every call. */
  readonly listeners: number;
  /** On the server, all of them. */
  readonly keys: number;
}

/** The worker of this part; needs `--expose-gc`. */
export interface CyclesWorker {
  open(setup: CyclesSetup): Promise<void>;
  advance(order: CyclesOrder): Promise<Holding>;
  close(nothing: null): Promise<void>;
}
