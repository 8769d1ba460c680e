/**
 * Runs `work` while new errors take no stack, and gives what it returns.
 *
 * grpc-js makes an error with each call, so that one that fails can tell who called. Walking up to the caller took more
 * than half of all the time that a call spends in grpc-js, above all under async functions, and every failure that
 * leaves this package is an error of its own with a stack of its own. Only what `work` makes before it returns is
 * concerned. Where `Error` is frozen, stacks are taken as ever.
 */
export function withoutStack<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return work();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}
