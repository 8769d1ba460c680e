import type { Invocation } from '../load/invocation.js';
import type { FateKind } from '../network/fate.js';
import type { NetworkObserver, SentCall } from '../network/network.js';
import type { Effect } from '../nodes/sim-node.js';
import { HonestOutcomes } from './honest-outcomes.js';
import { Pacing } from './pacing.js';
import { PlannedCalls } from './planned-calls.js';
import { Promises } from './promises.js';
import type { Invariant, Rule, Scene } from './rule.js';
import { SerialOrder } from './serial-order.js';
import { Versions } from './versions.js';

export interface Violation {
  readonly invariant: Invariant;
  /** Virtual ms. */
  readonly at: number;
  readonly text: string;
}

/** All rules over one run. It hears of every step and keeps what broke. */
export class Judge implements NetworkObserver {
  readonly violations: Violation[] = [];
  readonly #rules: readonly Rule[];
  readonly #fates: (kind: FateKind) => void;

  constructor(
    scene: Omit<Scene, 'report'>,
    o: { readonly commitMs: number; readonly fates: (kind: FateKind) => void },
  ) {
    this.#fates = o.fates;
    const report = (invariant: Invariant, text: string): void => {
      this.violations.push({ invariant, at: scene.world.now, text });
      scene.world.trace.add(scene.world.now, 'judge', () => `${invariant} VIOLATED: ${text}`);
    };
    const full: Scene = { ...scene, report };
    this.#rules = [
      new PlannedCalls(full),
      new Versions(full),
      new HonestOutcomes(full),
      new Promises(full, o.commitMs),
      new SerialOrder(full),
      new Pacing(full),
    ];
    scene.durable.onWrite((write) => {
      for (const rule of this.#rules) rule.wrote?.(write);
    });
  }

  fate(kind: FateKind): void {
    this.#fates(kind);
  }

  sent(call: SentCall): void {
    for (const rule of this.#rules) rule.sent?.(call);
  }

  landed(call: SentCall, effect: Effect): void {
    for (const rule of this.#rules) rule.landed?.(call, effect);
  }

  disturbed(node: string, groupId: string): void {
    for (const rule of this.#rules) rule.disturbed?.(node, groupId);
  }

  answered(invocation: Invocation): void {
    for (const rule of this.#rules) rule.answered?.(invocation);
  }

  atRest(): void {
    for (const rule of this.#rules) rule.atRest?.();
  }
}
