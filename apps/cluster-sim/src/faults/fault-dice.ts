import type { Random } from '../random.js';
import type { DelayFault, FaultRates } from './fault-plan.js';

/** What strikes one request; at most one of these. */
export type FaultKind = 'errorBefore' | 'hang' | 'late' | 'lostReply' | 'errorAfter' | 'errorThenWrite';

/** Every fault by the name under which it is counted and logged. */
export type FaultName = FaultKind | 'delay' | 'repeatDelete' | 'down';

/** What the dice say of one request. */
export interface Fate {
  readonly kind: FaultKind | null;
  /** Wait in ms before anything happens, 0 for none. */
  readonly delayMs: number;
  /** `late` and `errorThenWrite`: wait in ms before the write. */
  readonly writeAfterMs: number;
  /** `late`: whether the connection is reset at once. */
  readonly resetAtOnce: boolean;
  /** Wait in ms before a DELETE is applied once more; undefined: it is not. */
  readonly repeatAfterMs: number | undefined;
}

/** The fate of nearly every request. */
export const SPARED: Fate = Object.freeze({
  kind: null,
  delayMs: 0,
  writeAfterMs: 0,
  resetAtOnce: true,
  repeatAfterMs: undefined,
});

/** The dice of one verb of one node. Throws only for the faults that can happen, so that a spared node costs nothing. */
export class FaultDice {
  readonly #rates: FaultRates;
  readonly #random: Random;
  /** False: `roll` always spares. */
  readonly loaded: boolean;

  constructor(rates: FaultRates, random: Random) {
    this.#rates = rates;
    this.#random = random;
    this.loaded = Object.values(rates).some((fault) => (typeof fault === 'number' ? fault : fault.rate) > 0);
  }

  roll(): Fate {
    if (!this.loaded) return SPARED;
    const rates = this.#rates;
    const delayMs = this.#strikes(rates.delay?.rate) ? this.#spread(rates.delay) : 0;
    const kind = this.#kind();
    const writeAfterMs = kind === 'late' || kind === 'errorThenWrite' ? this.#spread(rates[kind]) : 0;
    const repeats = this.#strikes(rates.repeatDelete?.rate);
    return {
      kind,
      delayMs,
      writeAfterMs,
      resetAtOnce: rates.late?.reset ?? true,
      repeatAfterMs: repeats ? this.#spread(rates.repeatDelete) : undefined,
    };
  }

  /** One of the two own errors of the origin, evenly. */
  flip(): boolean {
    return this.#random() < 0.5;
  }

  #kind(): FaultKind | null {
    const rates = this.#rates;
    if (this.#strikes(rates.errorBefore)) return 'errorBefore';
    if (this.#strikes(rates.hang)) return 'hang';
    if (this.#strikes(rates.late?.rate)) return 'late';
    if (this.#strikes(rates.lostReply)) return 'lostReply';
    if (this.#strikes(rates.errorAfter)) return 'errorAfter';
    if (this.#strikes(rates.errorThenWrite?.rate)) return 'errorThenWrite';
    return null;
  }

  #strikes(rate: number | undefined): boolean {
    return rate !== undefined && rate > 0 && this.#random() < rate;
  }

  #spread(fault: DelayFault | undefined): number {
    if (fault === undefined) return 0;
    return fault.minMs + this.#random() * (fault.maxMs - fault.minMs);
  }
}
