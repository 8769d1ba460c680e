import type { ItemOutcome, Outcome } from '@holdfast/reliable-connector';
import { printable } from '../output/printable.js';

const MOST_CHARACTERS = 300;

/** What a run could not do, by why; with one id as an example of each. */
export class Problems {
  readonly #byReason = new Map<string, { count: number; readonly example: string }>();

  add(reason: string, groupId: string): void {
    const known = this.#byReason.get(reason);
    if (known === undefined) this.#byReason.set(reason, { count: 1, example: groupId });
    else known.count++;
  }

  /** In words; null: none. */
  get text(): string | null {
    if (this.#byReason.size === 0) return null;
    const texts = [...this.#byReason].map(([reason, { count, example }]) => {
      const ids = count === 1 ? printable(example, 40) : `${count} ids, as ${printable(example, 40)}`;
      return `${reason}: ${ids}`;
    });
    return printable(texts.join('; '), MOST_CHARACTERS);
  }

  /** Whether the item was done; if not, it is noted why. A failure of the connector itself is thrown. */
  done(operation: string, item: ItemOutcome): boolean {
    if (item.error !== undefined) {
      if (isEndOfConnector(item.error)) throw item.error;
      this.add(`${operation} failed (${printable(item.error.message, 80)})`, item.groupId);
      return false;
    }
    return this.settled(operation, item.groupId, item.outcome);
  }

  /** As `done`, for an outcome. */
  settled(operation: string, groupId: string, { status, reason }: Outcome): boolean {
    if (status === 'committed') return true;
    this.add(`${operation} ${status}${reason === undefined ? '' : ` (${reason})`}`, groupId);
    return false;
  }
}

const ENDS: ReadonlySet<unknown> = new Set([
  'CLOSED',
  'LEADERSHIP_LOST',
  'LEADERSHIP_STALE',
  'JOURNAL_STOPPED',
]);

/** Whether a connector that throws this does nothing any more. */
export function isEndOfConnector(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ENDS.has(error.code);
}
