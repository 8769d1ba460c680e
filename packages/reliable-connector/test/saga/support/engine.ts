import { onTestFinished } from 'vitest';
import {
  createMemoryJournal,
  done,
  type Json,
  openSagaEngine,
  type SagaEngine,
  type SagaEngineOptions,
  type SagaSpec,
  type StepAnswer,
  type StepCall,
  type StepSpec,
} from '../../../src/index.js';
import { FAST, LAG_MS } from '../../connector/support/connect.js';

export const SERVICES = { stock: 'http://stock', payment: 'http://payment', courier: 'http://courier' };
export type Name = keyof typeof SERVICES;
export const NAMES: readonly Name[] = ['stock', 'payment', 'courier'];

/** An engine for one test, closed when it ends. */
export async function openEngine(
  sagas: readonly SagaSpec<never>[],
  o: Partial<SagaEngineOptions> = {},
): Promise<SagaEngine> {
  const engine = await openSagaEngine({
    journal: createMemoryJournal(),
    sagas,
    services: SERVICES,
    maxServerLagMs: LAG_MS,
    recoverEveryMs: 0,
    ...o,
    retry: { ...FAST, ...o.retry },
  });
  onTestFinished(() => engine.close());
  return engine;
}

type Say = (call: StepCall<Json>) => StepAnswer | Promise<StepAnswer>;

/**
 * Three services in this process that hold one thing per token and write down every call. What a service answers can be
 * put in the place of its own `done`; what it does not carry out is up to that answer.
 */
export class Shop {
  readonly calls: string[] = [];
  readonly tokens: number[] = [];
  readonly held: Record<Name, Set<number>> = { stock: new Set(), payment: new Set(), courier: new Set() };
  readonly apply: Partial<Record<Name, Say>> = {};
  readonly undo: Partial<Record<Name, Say>> = {};

  spec(o: Partial<Omit<SagaSpec<Json>, 'steps'>> = {}): SagaSpec<Json> {
    return { name: 'order', ...o, steps: NAMES.map((name) => this.#step(name)) };
  }

  /** Whether each service holds something. */
  get holding(): readonly boolean[] {
    return NAMES.map((name) => this.held[name].size > 0);
  }

  #step(name: Name): StepSpec<Json> {
    return {
      name,
      apply: async (call) => {
        this.calls.push(`apply ${name}`);
        this.tokens.push(call.token);
        const answer = await (this.apply[name]?.(call) ?? done());
        if (answer.class === 'done') this.held[name].add(call.token);
        return answer;
      },
      undo: async (call) => {
        this.calls.push(`undo ${name}`);
        this.tokens.push(call.token);
        const answer = await (this.undo[name]?.(call) ?? done());
        if (answer.class === 'done') this.held[name].delete(call.token);
        return answer;
      },
    };
  }
}
