export interface MemorySetup {
  /** Path of the journal. */
  readonly journal: string;
  /** Ms that ended sagas are kept. */
  readonly retentionMs: number;
  /** Creates and deletes at work at once. */
  readonly callers: number;
}

/** What the process holds after so many sagas. */
export interface MemoryPoint {
  readonly sagas: number;
  readonly failed: number;
  readonly seconds: number;
  /** After a full collection. */
  readonly heapMiB: number;
  readonly rssMiB: number;
  /** The journal and its -wal. */
  readonly fileMiB: number;
}

/** The worker of this workload; needs `--expose-gc`. */
export interface MemoryWorker {
  open(setup: MemorySetup): Promise<void>;
  /** So many sagas more: half of them create, half delete what was created. */
  advance(sagas: number): Promise<MemoryPoint>;
  close(nothing: null): Promise<void>;
}
