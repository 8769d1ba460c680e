/**
 * What a reply means (4.2). `yes`, `no`, `burnt` and `refused` are definite; `fenced` decides nothing; `unknown` may
 * have been carried out, and while `alive` it may still be.
 */
export type Answer =
  /** POST 201, DELETE 200, GET 200. `timestamp`: GET with that extension; null when the record has none. */
  | { readonly class: 'yes'; readonly status: number; readonly timestamp?: number | null }
  /** POST 400 "exists", DELETE 404, GET 404. */
  | { readonly class: 'no'; readonly status: number }
  /** POST 410: this token was deleted here, it will never be applied. */
  | { readonly class: 'burnt'; readonly status: number }
  | { readonly class: 'refused'; readonly status: number; readonly message: string }
  /** 412: the fence of this request is older than one that the node has seen. */
  | { readonly class: 'fenced'; readonly status: number }
  | {
      readonly class: 'not_sent';
      readonly cause: Error;
      /** Ms before which the breaker lets nothing through; absent when it was not the breaker. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly class: 'unknown';
      /** null: no reply at all. */
      readonly status: number | null;
      /** The request may still be carried out later; false when the node's own reply shows that it has finished. */
      readonly alive: boolean;
      /** From `Retry-After`, ms from now; null: none, or not to be read. */
      readonly retryAfterMs: number | null;
      readonly cause: Error | null;
    };

/** An answer with what every attempt tells beside it. */
export interface Attempt {
  readonly answer: Answer;
  /** Monotonic ms at which the request had been sent; null when it was not. */
  readonly sentAt: number | null;
  /** This very reply advertised the extension `tombstone`: a DELETE that it answers was recorded (4.7). */
  readonly tombstone: boolean;
}

export type Verb = 'POST' | 'DELETE' | 'GET';

export type Extension = 'timestamp' | 'tombstone' | 'fence' | 'list';
