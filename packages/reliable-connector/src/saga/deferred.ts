/** A promise with its handles. A rejection that nobody looks at stays silent: the error also goes to whoever asks later. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
}

export function deferred<T>(): Deferred<T> {
  let take: (value: T) => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    take = resolve;
    refuse = reject;
  });
  promise.catch(() => {});
  const handle: Deferred<T> = {
    promise,
    settled: false,
    resolve(value) {
      handle.settled = true;
      take(value);
    },
    reject(error) {
      handle.settled = true;
      refuse(error);
    },
  };
  return handle;
}
