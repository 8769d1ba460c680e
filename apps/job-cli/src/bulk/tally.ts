import { EXIT, type ExitCode } from '../exit-codes.js';
import { ITEM_STATUSES, type ItemReport, type ItemStatus, isDone } from './item-report.js';

/** How many ids are named one by one before only their number is told; with `--json` each has its own line. */
const NAMED_IDS = 20;

/** Counts items as they end; what it holds does not grow with them. */
export class Tally {
  #total = 0;
  #unavailable = 0;
  readonly #counts = new Map<ItemStatus, number>();
  readonly #reasons = new Map<string, number>();
  readonly #waiting: string[] = [];
  #waitingCount = 0;

  add(item: ItemReport): void {
    this.#total++;
    this.#counts.set(item.status, this.count(item.status) + 1);
    if (item.status === 'rejected' && item.reason !== null) {
      this.#reasons.set(item.reason, (this.#reasons.get(item.reason) ?? 0) + 1);
      if (item.reason === 'unavailable') this.#unavailable++;
    }
    if (!item.waitsForLag) return;
    this.#waitingCount++;
    if (this.#waiting.length < NAMED_IDS) this.#waiting.push(item.groupId);
  }

  get total(): number {
    return this.#total;
  }

  /** Items that are as the user wants them. */
  get done(): number {
    return ITEM_STATUSES.reduce((sum, status) => sum + (isDone(status) ? this.count(status) : 0), 0);
  }

  /** Committed items with a DELETE that has to be repeated later; `ids` names at most the first 20. */
  get waiting(): { readonly count: number; readonly ids: readonly string[] } {
    return { count: this.#waitingCount, ids: this.#waiting };
  }

  /** Reasons of the rejections, by number. */
  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#reasons);
  }

  count(status: ItemStatus): number {
    return this.#counts.get(status) ?? 0;
  }

  /** Every status with its number, zeros too. */
  get counts(): Readonly<Record<ItemStatus, number>> {
    return {
      committed: this.count('committed'),
      ensured: this.count('ensured'),
      rejected: this.count('rejected'),
      compensated: this.count('compensated'),
      in_doubt: this.count('in_doubt'),
      parked: this.count('parked'),
      left: this.count('left'),
      failed: this.count('failed'),
    };
  }

  /** As `98 committed, 2 rejected`; what did not happen is left out. */
  describe(): string {
    const parts = ITEM_STATUSES.filter((status) => this.count(status) > 0).map(
      (status) => `${this.count(status)} ${status.replace('_', ' ')}`,
    );
    return parts.length === 0 ? 'nothing' : parts.join(', ');
  }

  /** Unfinished business weighs most, then nodes that cannot be reached, then anything not done. */
  get exitCode(): ExitCode {
    if (this.count('in_doubt') + this.count('parked') + this.count('left') > 0) return EXIT.unsettled;
    const missed = this.#total - this.done;
    if (missed === 0) return EXIT.done;
    return missed === this.#unavailable ? EXIT.unreachable : EXIT.incomplete;
  }
}
