/** One worker's hold of one term. */
export interface Term {
  readonly term: bigint;
  /** The worker's name in the group. */
  readonly id: string;
  /** Its place, `worker-1`; its name where nothing tells the place. */
  readonly worker: string;
  readonly from: number;
  /** When it could act no more; null: it still could when the history ends. */
  readonly to: number | null;
  /** What ended it. */
  readonly ending: 'over' | 'lost' | 'killed' | 'exited' | 'stopped' | null;
}
