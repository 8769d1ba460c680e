/** What a worker process can be asked for: one argument in, one value out, both structured-cloneable. */
export type Methods<M> = { readonly [K in keyof M]: (argument: never) => Promise<unknown> };

export interface WorkerRequest {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type WorkerReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };
