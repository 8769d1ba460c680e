/** What a load generator is to do. */
export interface LoadOrder {
  /** `http://host:port` */
  readonly url: string;
  /** Connections, each with one request at a time. */
  readonly connections: number;
  readonly durationMs: number;
  /** Of the ids of this load. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface LoadReport {
  readonly requests: number;
  readonly durationUs: number;
  /** Replies with a status from 400. */
  readonly errorStatus: number;
  /** Requests without a whole reply. */
  readonly broken: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Something that loads a server. */
export interface LoadGenerator {
  /** For notes. */
  readonly name: string;
  run(order: LoadOrder): Promise<LoadReport>;
}
