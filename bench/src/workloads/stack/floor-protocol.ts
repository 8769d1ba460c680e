export interface FloorSetup {
  /** Node name → base URL. */
  readonly nodes: Readonly<Record<string, string>>;
  /** On the file system of the journal. */
  readonly folder: string;
}

export interface FloorOrder {
  /** Of the ids; no two orders share one. */
  readonly prefix: string;
  readonly ids: number;
  readonly callers: number;
}

export interface FloorReport {
  readonly seconds: number;
  readonly failed: number;
}

/** The worker that is the floor. */
export interface FloorWorker {
  open(setup: FloorSetup): Promise<void>;
  create(order: FloorOrder): Promise<FloorReport>;
  close(nothing: null): Promise<void>;
}
