import type { Colour } from '../colour.js';
import type { Random } from '../random.js';
import type { Fault, FaultKind, FaultMoment, FaultPlan, FaultRule } from './fault-plan.js';

/** What strikes a call at the router besides delays. */
export type Strike = Exclude<Fault, { readonly kind: 'delay' | 'truncate' }>;

/** What the dice say of one call. */
export interface Fate {
  readonly delayBeforeMs: number;
  readonly delayAfterMs: number;
  readonly before: Strike | undefined;
  readonly after: Strike | undefined;
}

/** The fate of nearly every call. */
export const SPARED: Fate = Object.freeze({
  delayBeforeMs: 0,
  delayAfterMs: 0,
  before: undefined,
  after: undefined,
});

interface ActiveRule {
  readonly rule: FaultRule;
  left: number;
}

/** Throws the dice of a plan. Replacing the plan begins its counts anew. */
export class FaultDice {
  readonly #random: Random;
  readonly #struck: (kind: FaultKind) => void;
  #rules: readonly ActiveRule[] = [];

  /** @param struck Told of every fault that strikes. */
  constructor(random: Random, struck: (kind: FaultKind) => void) {
    this.#random = random;
    this.#struck = struck;
  }

  set plan(plan: FaultPlan) {
    this.#rules = plan.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  /** The rules that are not over, with the number of calls that each has left. */
  get plan(): FaultPlan {
    return this.#rules
      .filter(({ left }) => left > 0)
      .map(({ rule, left }) => (rule.times === undefined ? rule : { ...rule, times: left }));
  }

  /** What happens to a call at the router. */
  roll(rpc: string, colour: Colour | undefined): Fate {
    if (this.#rules.length === 0) return SPARED;
    const delays: Record<FaultMoment, number> = { before: 0, after: 0 };
    let strike: Strike | undefined;
    for (const active of this.#rules) {
      const { rule } = active;
      if (rule.kind === 'truncate' || (rule.kind !== 'delay' && strike !== undefined)) continue;
      if (!this.#strikes(active, rpc, colour)) continue;
      if (rule.kind === 'delay') delays[rule.when ?? 'before'] += rule.delayMs;
      else strike = rule;
    }
    const isAfter = strike?.when === 'after';
    return {
      delayBeforeMs: delays.before,
      delayAfterMs: delays.after,
      before: isAfter ? undefined : strike,
      after: isAfter ? strike : undefined,
    };
  }

  /** Whether a batch is to be cut. */
  truncates(rpc: string, colour: Colour): boolean {
    return this.#rules.some(
      (active) => active.rule.kind === 'truncate' && this.#strikes(active, rpc, colour),
    );
  }

  #strikes(active: ActiveRule, rpc: string, colour: Colour | undefined): boolean {
    const { rule } = active;
    if (active.left <= 0 || (rule.rpc !== undefined && rule.rpc !== rpc)) return false;
    if (rule.colour !== undefined && rule.colour !== colour) return false;
    const rate = rule.rate ?? 1;
    if (rate < 1 && this.#random() >= rate) return false;
    active.left -= 1;
    this.#struck(rule.kind);
    return true;
  }
}
