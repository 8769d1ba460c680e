/** Something that an aborted signal ends. */
export interface Abortable {
  fail(cause: Error): void;
}

/**
 * Ends attempts when their signals abort. The calls of one saga share a signal and mostly begin together, so they share
 * a listener here: adding and removing one for each call is a good part of what the call costs.
 */
export class AbortWatch {
  readonly #watched = new Map<
    AbortSignal,
    { readonly targets: Set<Abortable>; readonly onAbort: () => void }
  >();

  add(signal: AbortSignal, target: Abortable): void {
    const entry = this.#watched.get(signal);
    if (entry !== undefined) {
      entry.targets.add(target);
      return;
    }
    const targets = new Set([target]);
    const onAbort = (): void => {
      this.#watched.delete(signal);
      const cause = abortCause(signal);
      for (const aborted of targets) aborted.fail(cause);
    };
    this.#watched.set(signal, { targets, onAbort });
    signal.addEventListener('abort', onAbort, { once: true });
  }

  /** No listener stays on a signal that has nothing left to end. */
  remove(signal: AbortSignal, target: Abortable): void {
    const entry = this.#watched.get(signal);
    if (entry === undefined || !entry.targets.delete(target) || entry.targets.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener('abort', entry.onAbort);
  }
}

/** Why a signal aborted, as an error. */
export function abortCause(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}
