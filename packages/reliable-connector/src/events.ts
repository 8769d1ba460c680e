import type { Outcome } from './outcome.js';

interface OfSaga {
  readonly sagaId: number;
  readonly definition: string;
  readonly key: string | null;
}

/** What a connector tells while it works, for logs and metrics. A listener that throws harms nobody. */
export interface SagaEvents {
  /** PLAN is durable. */
  plan: OfSaga & { readonly token: number | null };
  /** One call was answered, or was not. */
  attempt: OfSaga & {
    readonly step: string;
    readonly verb: string;
    /** `yes`, `no`, `refused`, `not_sent`, `unknown` …, in the definition's words. */
    readonly answer: string;
    readonly status: number | null;
    /** 1 for the first call of this step. */
    readonly attempt: number;
  };
  /** COMMIT, ABORT or a direction is durable. */
  decision: OfSaga & { readonly decision: 'commit' | 'abort' | 'forward'; readonly reason: string | null };
  /** A step was undone. */
  undo: OfSaga & { readonly step: string };
  /** A step waits until no request of the saga can be alive. */
  settle: OfSaga & { readonly step: string; readonly waitMs: number };
  /** An unfinished saga of another owner was taken over. */
  adopt: OfSaga & { readonly phase: string; readonly epoch: number };
  park: OfSaga & { readonly step: string; readonly why: string };
  /** The saga ended. */
  end: OfSaga & { readonly outcome: Outcome };
  /** A recovery pass has ended. */
  recover: { readonly adopted: number; readonly waiting: number; readonly parked: number };
}
