/**
 * An `AbortSignal` whose `aborted`, `reason` and `throwIfAborted()` are worked out when they are read, so that code which
 * was stopped for longer than its lease sees the loss at its first look, before any timer could run. The event, and
 * signals derived by `AbortSignal.any`, follow when `abort` is called.
 */
export interface ComputedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

/** `over` gives the reason once the signal is to count as aborted, null before; once given it must go on to be. */
export function computedSignal(over: () => unknown): ComputedSignal {
  const controller = new AbortController();
  const signal = controller.signal;
  const fired = (): boolean => nativeAborted.call(signal);
  Object.defineProperties(signal, {
    aborted: { get: () => fired() || over() !== null },
    reason: { get: () => (fired() ? nativeReason.call(signal) : (over() ?? undefined)) },
    throwIfAborted: {
      value: () => {
        if (signal.aborted) throw signal.reason;
      },
    },
  });
  return { signal, abort: (reason) => controller.abort(reason) };
}

const nativeAborted = getter<boolean>('aborted');
const nativeReason = getter<unknown>('reason');

/** The prototype's own getter, which an instance's property hides. */
function getter<T>(name: 'aborted' | 'reason'): { call(signal: AbortSignal): T } {
  const get = Object.getOwnPropertyDescriptor(AbortSignal.prototype, name)?.get;
  if (!get) throw new TypeError(`AbortSignal.prototype.${name} is no getter`);
  return { call: (signal) => get.call(signal) as T };
}
