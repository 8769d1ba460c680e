import type { HotEntry } from '../journal/records.js';
import type { StepRun } from '../saga/step-run.js';
import type { GroupCalls } from './group-calls.js';

/**
 * HOT entries that could explain a record which a saga meets (4.4 "Hot rule"): late requests of this journal's own past.
 * While the catalog holds a version the id has a record anyway, unless this very saga is putting it back.
 */
export function suspectsOf(step: StepRun, token: number | null): readonly HotEntry[] {
  const { hot, saga } = step.run;
  if (hot.catalog && !saga.burnt.includes(hot.catalog.token)) return [];
  return hot.at(step.name).filter((entry) => entry.token !== token);
}

/** Removes suspects from one node: at once, and once more after the last `until`, when only what is found counts. */
export class HotRounds {
  readonly #step: StepRun;
  readonly #calls: GroupCalls;
  readonly #groupId: string;
  #rounds = 0;

  constructor(step: StepRun, calls: GroupCalls, groupId: string) {
    this.#step = step;
    this.#calls = calls;
    this.#groupId = groupId;
  }

  /** One round over `suspects`. False: the node refuses such a DELETE. */
  async remove(suspects: readonly HotEntry[]): Promise<boolean> {
    if (this.#rounds > 0) await this.#step.settle(Math.max(...suspects.map((entry) => entry.until)));
    this.#rounds += 1;
    for (const { token } of suspects) {
      const answer = await this.#step.untilDefinite(
        this.#calls.delete(this.#step, this.#groupId, token, 'remove'),
      );
      if (answer.class === 'refused') return false;
    }
    return true;
  }
}
