const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `action` when `signal` aborts, at once if it has; the returned function takes that back. All actions of a signal
 * share one listener: a caller's signal may end a thousand operations without a warning of a leak, and adding and
 * removing a listener for each would be a good part of what a call costs. None stays on a signal that has nothing to end.
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (!signal) return nothing;
  if (signal.aborted) {
    action();
    return nothing;
  }
  const actions = watched.get(signal) ?? watch(signal);
  // Its own function, so that one action given twice is two.
  const entry = (): void => action();
  actions.add(entry);
  return () => {
    actions.delete(entry);
    if (actions.size === 0) unwatch(signal, actions);
  };
}

const nothing = (): void => {};

function watch(signal: AbortSignal): Set<() => void> {
  const actions = new Set<() => void>();
  watched.set(signal, actions);
  signal.addEventListener('abort', aborted, { once: true });
  return actions;
}

function unwatch(signal: AbortSignal, actions: Set<() => void>): void {
  if (watched.get(signal) !== actions) return;
  watched.delete(signal);
  signal.removeEventListener('abort', aborted);
}

function aborted(this: AbortSignal): void {
  const actions = watched.get(this);
  watched.delete(this);
  for (const action of actions ?? []) action();
}
