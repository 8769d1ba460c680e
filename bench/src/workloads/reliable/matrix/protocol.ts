import type { CreatorName, CreatorSetup, Told } from './contenders/contender.js';

/** So many callers, each with one create at a time, for a while. */
export interface SliceOrder {
  readonly creator: CreatorName;
  readonly callers: number;
  /** Until no create is begun any more; those that are under way are waited for. */
  readonly durationMs: number;
  /** Of the ids, which are counted from 1: `${prefix}7`. */
  readonly prefix: string;
}

/** Creates by number, from 1. */
export interface SliceReport {
  readonly told: readonly Told[];
  readonly latenciesMs: Float64Array;
  /** User and system time of this process, until nothing was under way. */
  readonly cpuUs: number;
}

/** The worker of the matrix: all creators in one process, in turn. */
export interface MatrixWorker {
  /** Opens all creators on a new cluster; those of the last one are closed. */
  open(setup: CreatorSetup): Promise<void>;
  slice(order: SliceOrder): Promise<SliceReport>;
  close(nothing: null): Promise<void>;
}
