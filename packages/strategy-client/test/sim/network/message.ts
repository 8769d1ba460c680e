import type { Strategy } from '../../../src/strategy.js';
import type { Answer, Loss } from '../engine/answers.js';
import type { EngineCall } from '../engine/virtual-engine.js';

/** A call on its way: to the engine, and back. */
export interface Message {
  readonly process: number;
  readonly rpc: string;
  readonly strategy: Strategy | null;
  readonly call: EngineCall;
  /** Steps of the world when it was sent. */
  readonly sentAt: number;
  /** In the words of the model's traces: "prepare of query 1 on blue". */
  readonly name: string;
  /** Null until the engine has answered. */
  answer: Answer | null;
  /** Steps of the operator when the engine answered. */
  epoch: number;
  /** The caller has its error already. */
  isGivenUp: boolean;
  /** Gives the caller the answer, or the error of the loss. */
  readonly settle: (outcome: Answer | { readonly kind: Loss }) => void;
}

/** The model's shorter names of RPCs. */
const SHORT: Readonly<Record<string, string>> = {
  authenticate: 'auth',
  prepareStatement: 'prepare',
  executeStatement: 'execute',
  getResultMetadata: 'meta',
  getNextResultBatch: 'batch',
  clearOrCancelQuery: 'clear',
  cancelQuery: 'cancel',
};

export function nameOf(rpc: string, sql: string, strategy: Strategy | null): string {
  const what = SHORT[rpc] ?? rpc;
  if (strategy === null) return what;
  return sql === '' ? `${what} on ${strategy}` : `${what} of ${sql} on ${strategy}`;
}
