/** What one side of a line can be asked for, by name: arguments and answer, all of which JSON can carry. */
export type Calls<C> = { readonly [N in keyof C]: (...args: never[]) => unknown };

/** The answering side of `Calls`. */
export type Handlers<C extends Calls<C>> = {
  readonly [N in keyof C]: (...args: Parameters<C[N]>) => ReturnType<C[N]> | Promise<ReturnType<C[N]>>;
};

type Message =
  | {
      readonly type: 'call';
      readonly call: number;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly call: number; readonly message: string };

export interface LineOptions<Mine extends Calls<Mine>> {
  readonly send: (message: unknown) => void;
  /** Answers what the other side asks for. */
  readonly handlers: Handlers<Mine>;
}

/** Two processes that ask each other for things, any number at a time. */
export class Line<Mine extends Calls<Mine>, Theirs extends Calls<Theirs>> {
  readonly #o: LineOptions<Mine>;
  readonly #waiting = new Map<number, (settle: Message | Error) => void>();
  #calls = 0;
  #cut: Error | null = null;

  constructor(o: LineOptions<Mine>) {
    this.#o = o;
  }

  /** Asks the other side. Rejects with what its handler threw, as text, and when the line is cut. */
  call<N extends keyof Theirs & string>(
    name: N,
    ...args: Parameters<Theirs[N]>
  ): Promise<ReturnType<Theirs[N]>> {
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      if (this.#cut) throw this.#cut;
      this.#waiting.set(call, (end) => {
        if (end instanceof Error) reject(end);
        else if (end.type === 'failure') reject(new Error(end.message));
        // The other side's handler of this name gives this type; only the channel does not know it.
        else if (end.type === 'answer') resolve(end.value as ReturnType<Theirs[N]>);
      });
      this.#o.send({ type: 'call', call, name, args } satisfies Message);
    });
  }

  /** A message of the other side has come. */
  take(given: unknown): void {
    const message = given as Message; // Nobody else speaks on this channel.
    if (message.type === 'call') return void this.#answer(message);
    this.#waiting.get(message.call)?.(message);
    this.#waiting.delete(message.call);
  }

  /** The other side is gone. */
  cut(why: Error): void {
    this.#cut = why;
    for (const end of this.#waiting.values()) end(why);
    this.#waiting.clear();
  }

  async #answer({ call, name, args }: Message & { readonly type: 'call' }): Promise<void> {
    // The name decides which arguments came with it; the asking side is typed.
    const handlers: object = this.#o.handlers;
    const handler: unknown = Reflect.get(handlers, name);
    try {
      if (typeof handler !== 'function') throw new TypeError(`nobody answers ${name}`);
      const value: unknown = await Reflect.apply(handler, undefined, args);
      this.#o.send({ type: 'answer', call, value: value ?? null } satisfies Message);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#o.send({ type: 'failure', call, message } satisfies Message);
    }
  }
}
