export interface ElectionSetup {
  /** URL of the coordination backend; `http:` is an etcd. */
  readonly url: string;
  readonly ttlMs: number;
  readonly group: string;
}

/** An instant of the clock that all processes of the machine share, ms. */
export interface Instant {
  readonly atMs: number;
}

export interface Elected extends Instant {
  /** When the work of the term began. */
  readonly atMs: number;
  readonly term: bigint;
}

/** A candidate in a process of its own. */
export interface ElectionWorker {
  /** Starts, and stands for election again and again from now on. */
  stand(setup: ElectionSetup): Promise<void>;
  /** The oldest term that was not told yet; waits for one. */
  elected(nothing: null): Promise<Elected>;
  /** Hands its own term over; resolves with when it was told to. */
  standDown(nothing: null): Promise<Instant>;
  /** Asks whoever leads to hand over; resolves with when it asked. */
  request(nothing: null): Promise<Instant>;
  pid(nothing: null): Promise<number>;
  /** Stops; it may stand again elsewhere. */
  close(nothing: null): Promise<void>;
}
