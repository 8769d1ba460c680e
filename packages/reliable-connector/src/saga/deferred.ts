type State<T> =
  | { readonly kind: 'open' }
  | { readonly kind: 'resolved'; readonly value: T }
  | { readonly kind: 'rejected'; readonly error: Error };

/**
 * A value that is told later, once. Its promise is made when somebody asks for it, since most are never asked for; a
 * rejection that nobody looks at stays silent.
 */
export class Deferred<T> {
  #state: State<T> = { kind: 'open' };
  #promise: Promise<T> | null = null;
  #resolve: (value: T) => void = () => {};
  #reject: (error: Error) => void = () => {};
  readonly #onSettle: () => void;

  /** `onSettle` is called once, when the value or the error is told. */
  constructor(onSettle: () => void = () => {}) {
    this.#onSettle = onSettle;
  }

  get settled(): boolean {
    return this.#state.kind !== 'open';
  }

  get promise(): Promise<T> {
    if (this.#promise) return this.#promise;
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#promise.catch(() => {});
    if (this.#state.kind === 'resolved') this.#resolve(this.#state.value);
    if (this.#state.kind === 'rejected') this.#reject(this.#state.error);
    return this.#promise;
  }

  resolve(value: T): void {
    if (this.settled) return;
    this.#state = { kind: 'resolved', value };
    this.#resolve(value);
    this.#onSettle();
  }

  reject(error: Error): void {
    if (this.settled) return;
    this.#state = { kind: 'rejected', error };
    this.#reject(error);
    this.#onSettle();
  }
}
