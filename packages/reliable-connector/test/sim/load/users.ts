import type { Outcome } from '../../../src/outcome.js';
import type { Coordinator, Simulation } from '../simulation.js';
import { type Invocation, outcomeText } from './invocation.js';

/** What a user may add to a call. */
export interface CallOptions {
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  readonly onDeadline?: 'abort' | 'forward';
  readonly onFailure?: 'forward' | 'restore';
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** The callers of the library: they call, and write down what they were told and when. */
export class Users {
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  create(coordinator: Coordinator, groupId: string, options: CallOptions = {}): Invocation {
    return this.#call(coordinator, 'create', groupId, options);
  }

  delete(coordinator: Coordinator, groupId: string, options: CallOptions = {}): Invocation {
    return this.#call(coordinator, 'delete', groupId, options);
  }

  #call(
    { process, connector }: Coordinator,
    op: Invocation['op'],
    groupId: string,
    options: CallOptions,
  ): Invocation {
    const { world, invocations, profile } = this.#simulation;
    if (connector === null) throw new Error(`${process.name} is not open yet`);
    const { onDeadline, onFailure, force, deadlineMs = profile.deadlineMs } = options;
    const invocation: Invocation = {
      order: invocations.length,
      op,
      groupId,
      force: force === true,
      process,
      invokedAt: world.now,
      stoppedMsBefore: process.stoppedMs,
      deadlineMs,
      idempotencyKey: options.idempotencyKey ?? null,
      args: [op, groupId, onDeadline, onFailure, force].join(' '),
      answeredAt: null,
      outcome: null,
      error: null,
      lastAt: null,
      last: null,
    };
    invocations.push(invocation);
    world.trace.add(world.now, process.name, () => `call ${invocation.order}: ${invocation.args}`);
    const given = { ...options, deadlineMs };
    const call =
      op === 'create' ? connector.createGroup(groupId, given) : connector.deleteGroup(groupId, given);
    void call.then(
      (outcome) => this.#answered(invocation, outcome, null),
      (error: Error) => this.#answered(invocation, null, error),
    );
    return invocation;
  }

  #answered(invocation: Invocation, outcome: Outcome | null, error: Error | null): void {
    const { world, judge, coverage } = this.#simulation;
    if (!invocation.process.alive) return;
    invocation.answeredAt = world.now;
    invocation.outcome = outcome;
    invocation.error = error;
    const text = outcome === null ? `error ${errorCode(error)}` : outcomeText(outcome);
    world.trace.add(world.now, invocation.process.name, () => `call ${invocation.order}: ${text}`);
    coverage.count('outcome', `${invocation.op} ${text}`);
    if (outcome !== null && outcome.status !== 'in_doubt' && outcome.status !== 'parked')
      this.#settled(invocation, outcome);
    judge.answered(invocation);
    void outcome?.settled?.then(
      (last) => this.#settled(invocation, last),
      () => {},
    );
  }

  #settled(invocation: Invocation, last: Outcome): void {
    const { world } = this.#simulation;
    if (!invocation.process.alive || last.status === 'parked') return;
    if (invocation.last === null) {
      invocation.last = last;
      invocation.lastAt = world.now;
    }
    world.trace.add(
      world.now,
      invocation.process.name,
      () => `call ${invocation.order} settled: ${outcomeText(last)}`,
    );
  }
}

function errorCode(error: Error | null): string {
  return error !== null && 'code' in error ? String(error.code) : String(error?.message);
}
