import type { StrategyClientError } from '../errors.js';
import type { Strategy } from '../strategy.js';

/** What an authentication answered. */
export interface OpenedSession<S> {
  readonly session: S;
  /** The deployment that the reply announces, null for none. */
  readonly word: Strategy | null;
}

/** How an attempt to open a session ended. */
export type Opening<S> =
  | { readonly kind: 'open'; readonly session: S }
  /** 456: this is not the deployment that takes calls. */
  | { readonly kind: 'mismatch'; readonly error: unknown }
  /** The credentials are refused, or the deployment has no such call; asking again does not help. */
  | { readonly kind: 'refused'; readonly error: StrategyClientError }
  /** No answer, or none that says anything. */
  | { readonly kind: 'lost'; readonly error: unknown }
  /** It cannot go on: the cluster does not resume, or everything is closed. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Opens a session on a deployment by one call; rejects with that call's error. */
export type SessionOpener<S> = (strategy: Strategy, signal: AbortSignal) => Promise<OpenedSession<S>>;
