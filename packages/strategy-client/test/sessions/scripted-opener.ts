import { boardOf, StrategyManager } from '../../src/manager/strategy-manager.js';
import type { Switchboard } from '../../src/manager/switchboard.js';
import { grpcFailure } from '../../src/recovery/grpc-failure.js';
import type { Resume } from '../../src/recovery/resume.js';
import type { OpenedSession } from '../../src/sessions/opening.js';
import { Sessions } from '../../src/sessions/sessions.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import type { Strategy } from '../../src/strategy.js';
import { ManualClock } from '../support/manual-clock.js';

/** An authentication that waits for its answer. */
export interface Asked {
  readonly strategy: Strategy;
  readonly at: number;
  answer(session: string, word?: Strategy | null): Promise<void>;
  fail(code: number, details: string): Promise<void>;
}

/** Sessions whose authentications a test answers one by one. */
export class OpenerStage {
  readonly clock: ManualClock = new ManualClock();
  readonly asked: Asked[] = [];
  readonly board: Switchboard;
  readonly sessions: Sessions<string>;

  constructor(o: { resume?: Resume; random?: () => number } = {}) {
    const { clock } = this;
    this.board = boardOf(new StrategyManager({ target: 'engine:1', store: inProcessStore(), clock }));
    this.sessions = new Sessions({
      board: this.board,
      open: (strategy) => this.#ask(strategy),
      classify: grpcFailure,
      resume: o.resume,
      retryBaseMs: 200,
      retryMaxMs: 2_000,
      clock,
      random: o.random ?? (() => 0.5),
    });
  }

  /** The latest authentication. */
  get latest(): Asked {
    const latest = this.asked.at(-1);
    if (latest === undefined) throw new Error('nobody has authenticated');
    return latest;
  }

  #ask(strategy: Strategy): Promise<OpenedSession<string>> {
    const { clock } = this;
    return new Promise((resolve, reject) => {
      this.asked.push({
        strategy,
        at: clock.monotonic(),
        answer: async (session, word = null) => {
          resolve({ session, word });
          await turn();
        },
        fail: async (code, details) => {
          reject(Object.assign(new Error(details), { code, details }));
          await turn();
        },
      });
    });
  }
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
