/** So many processes on one journal, each with so many callers. */
export interface CrewSize {
  readonly processes: number;
  readonly callers: number;
  /** Least share of the bare side's sagas/s. */
  readonly leastRatio: number;
}
