/** Ms of a clock that never goes back. The only place that knows of time. */
export function nowMs(): number {
  return performance.now();
}

/** Ms of a clock that never goes back and that all processes of this machine share. */
export function hostMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** When a run began, for its file name and its heading. */
export function instant(): string {
  return new Date().toISOString();
}

/** Ms since 1970, for deadlines. */
export function wallMs(): number {
  return Date.now();
}

/** Seconds since 1970, for versions that look like the connector's. */
export function wallSeconds(): number {
  return Date.now() / 1000;
}
