import type { Clock } from '../clock.js';
import { type Colour, otherColour } from '../colour.js';
import { EngineMockError } from '../engine-mock-error.js';
import type { Logger } from '../logger.js';
import { durationMs } from '../ranges.js';
import type { SwitchState } from './switch-state.js';

/** A switch as it is asked for; what is left out is taken from the engine's options. */
export interface SwitchRequest {
  /** The colour to switch to; left out: the other one, which during a switch means back. */
  readonly to?: Colour | undefined;
  /** How long both colours serve and announce the new one, in ms. */
  readonly announceMs?: number | undefined;
  /** How long running queries of the old colour may go on after that, in ms; it ends sooner when there are none. */
  readonly drainMs?: number | undefined;
}

export interface SwitcherOptions {
  readonly active: Colour;
  readonly announceMs: number;
  readonly drainMs: number;
  /** 0: no switches of its own. */
  readonly switchEveryMs: number;
  readonly announceBeforeAccept: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runningQueries: (colour: Colour) => number;
  /** The colour is off: its sessions and queries are to be destroyed. */
  readonly turnOff: (colour: Colour) => void;
}

/** Moves the engine from one colour to the other, phase by phase. */
export class Switcher {
  readonly #options: SwitcherOptions;
  #state: SwitchState;
  #cancelPhase: () => void = () => {};
  #cancelInterval: () => void = () => {};
  #completed = 0;

  constructor(options: SwitcherOptions) {
    this.#options = options;
    this.#state = { phase: 'steady', active: options.active };
    if (options.switchEveryMs > 0) this.#scheduleInterval();
  }

  get state(): SwitchState {
    return this.#state;
  }

  /** Switches that have reached their end. */
  get completed(): number {
    return this.#completed;
  }

  /**
   * Begins a switch; during one, the way back.
   *
   * @throws EngineMockError `SWITCH_REFUSED` where `to` is active or already switched to, `INVALID_OPTION` for a duration
   * out of range.
   */
  begin(request: SwitchRequest = {}): void {
    const state = this.#state;
    const current = state.phase === 'steady' ? state.active : state.to;
    const to = request.to ?? otherColour(current);
    const announceMs = durationMs('announceMs', request.announceMs ?? this.#options.announceMs);
    const drainMs = durationMs('drainMs', request.drainMs ?? this.#options.drainMs);
    if (to === current) {
      throw new EngineMockError(
        'SWITCH_REFUSED',
        state.phase === 'steady'
          ? `${to} is active already; switch to ${otherColour(to)}`
          : `the engine is switching to ${to} already; wait for its end, or switch back to ${otherColour(to)}`,
      );
    }
    const from = otherColour(to);
    const deaf = state.phase === 'steady' ? (this.#options.announceBeforeAccept ? to : null) : state.deaf;
    this.#enter({ phase: 'announced', from, to, deaf });
    this.#after(announceMs, () => this.#drain(to, drainMs));
  }

  /** To be called when a deployment's last query has ended. */
  idle(colour: Colour): void {
    const state = this.#state;
    if (state.phase === 'drain' && state.from === colour) this.#finish(colour);
  }

  /** Ends all waiting; the state stays as it is. */
  close(): void {
    this.#cancelPhase();
    this.#cancelInterval();
  }

  #drain(to: Colour, drainMs: number): void {
    const from = otherColour(to);
    const state = this.#state;
    // Who was not accepted while announced is now, and one that is drained without ever having been stays deaf.
    const deaf = state.phase === 'announced' && state.deaf === from ? from : null;
    this.#enter({ phase: 'drain', from, to, deaf });
    if (this.#options.runningQueries(from) === 0) this.#finish(from);
    else this.#after(drainMs, () => this.#finish(from));
  }

  #finish(from: Colour): void {
    this.#cancelPhase();
    this.#completed += 1;
    this.#enter({ phase: 'steady', active: otherColour(from) });
    this.#options.turnOff(from);
  }

  #enter(state: SwitchState): void {
    this.#state = state;
    this.#options.logger.info(state, 'the engine enters a phase');
  }

  #after(delayMs: number, action: () => void): void {
    this.#cancelPhase();
    if (delayMs === 0) action();
    else this.#cancelPhase = this.#options.clock.schedule(delayMs, action);
  }

  #scheduleInterval(): void {
    const { clock, switchEveryMs, logger } = this.#options;
    this.#cancelInterval = clock.schedule(switchEveryMs, () => {
      this.#scheduleInterval();
      if (this.#state.phase === 'steady') this.begin();
      else logger.warn(this.#state, 'a switch is still under way when the next is due; it is left out');
    });
  }
}
