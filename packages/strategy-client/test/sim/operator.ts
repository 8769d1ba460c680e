import { STRATEGIES } from '../../src/strategy.js';
import type { SimConfig } from './config.js';
import type { VirtualEngine } from './engine/virtual-engine.js';
import type { Judge } from './judge/judge.js';
import type { Network } from './network/network.js';
import type { Choice, ChoiceSource } from './world/choice.js';
import type { SimClock } from './world/sim-clock.js';

/** Longer than a target is believed. */
const LONG_MS = 400_000;

/** Who switches the engine, and what else happens there. */
export class Operator implements ChoiceSource {
  readonly #engine: VirtualEngine;
  readonly #judge: Judge;
  readonly #network: Network;
  readonly #clock: SimClock;
  readonly #config: SimConfig;

  constructor(o: {
    engine: VirtualEngine;
    judge: Judge;
    network: Network;
    clock: SimClock;
    config: SimConfig;
  }) {
    this.#engine = o.engine;
    this.#judge = o.judge;
    this.#network = o.network;
    this.#clock = o.clock;
    this.#config = o.config;
  }

  choices(): readonly Choice[] {
    return [...this.#steps(), ...(this.#network.faultsLeft > 0 ? this.#faults() : [])];
  }

  #steps(): readonly Choice[] {
    const engine = this.#engine;
    const step = engine.nextStep;
    if (step === null) return [];
    return [
      {
        kind: 'operator',
        label: step === 'off' && engine.isBusy ? 'off before the queries end' : step,
        take: () => {
          engine.operate(step);
          this.#judge.operated();
        },
      },
    ];
  }

  #faults(): readonly Choice[] {
    const { kinds } = this.#config;
    const fault = (label: string, action: () => void): Choice => ({
      kind: 'fault',
      label,
      take: () => {
        this.#network.useFault();
        action();
      },
    });
    return [
      ...STRATEGIES.filter(() => kinds.includes('expire')).map((strategy) =>
        fault(`sessions on ${strategy} expire`, () => this.#engine.expire(strategy)),
      ),
      ...(kinds.includes('suspend') && this.#engine.cluster === 'active'
        ? [
            fault('the cluster is suspended', () => {
              this.#engine.cluster = 'suspended';
            }),
          ]
        : []),
      ...(kinds.includes('idle') && this.#clock.timers === 0
        ? [fault('minutes pass', () => this.#clock.pass(LONG_MS))]
        : []),
    ];
  }
}
