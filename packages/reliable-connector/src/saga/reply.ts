/** Nothing of this call reached the other side; it may be made again at will. */
export interface NotSent {
  readonly class: 'not_sent';
  readonly cause: Error;
  /** Ms before which another attempt is pointless. */
  readonly retryAfterMs?: number | null;
}

/** The call may have been carried out, and while `alive` it may still be. */
export interface Unknown {
  readonly class: 'unknown';
  readonly status: number | null;
  readonly alive: boolean;
  readonly retryAfterMs: number | null;
  readonly cause: Error | null;
}

/** Any definite answer: the definition's own vocabulary. */
export interface Definite {
  readonly class: string;
  readonly status?: number | null;
}

/** One call and when its request had left, in monotonic ms; null when it never did. */
export interface Attempted<D extends Definite> {
  readonly answer: D | NotSent | Unknown;
  readonly sentAt: number | null;
}

export const isDefinite = <D extends Definite>(answer: D | NotSent | Unknown): answer is D =>
  answer.class !== 'not_sent' && answer.class !== 'unknown';
