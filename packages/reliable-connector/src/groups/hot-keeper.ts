import type { HotEntry } from '../journal/records.js';
import type { Outcome } from '../outcome.js';
import type { Engine } from '../saga/engine.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { GroupCalls } from './group-calls.js';

/** A repeat that nobody has answered is tried again after so many ms. */
export const RETRY_MS = 1_000;
/** So many entries that still wait are told. */
const REPORTED = 1_000;
/** Repeats in flight at once. */
const AT_ONCE = 8;

/** Somebody waits until these entries are gone. */
interface Waiter {
  readonly key: string;
  readonly entries: ReadonlySet<string>;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

const nameOf = ({ key, step, token }: HotEntry): string => JSON.stringify([key, step, token]);

/**
 * Pays what is owed for late requests of the past (4.3 "HOT list", 4.5 step 5): a dead entry by a DELETE after its
 * `until`; an idle one lapses. Any process of the journal may do it; doing it twice harms nothing. What can still go
 * wrong: a request that outlives Q (`maxServerLagMs`) leaves an orphan, which `verify` finds.
 */
export class HotKeeper {
  readonly #engine: Engine;
  readonly #calls: GroupCalls;
  #waiters: Waiter[] = [];
  #nextAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};
  #sweeping: Promise<readonly HotEntry[]> | null = null;
  #closed = false;

  constructor(engine: Engine, calls: GroupCalls) {
    this.#engine = engine;
    this.#calls = calls;
  }

  /** What a finished saga leaves to be repeated: the outcome again, once that is done; null: nothing. */
  repeatsOf(run: SagaRun, outcome: Outcome): Promise<Outcome> | null {
    if (run.hot.empty && run.steps.every((step) => step.aliveUntil === 0)) return null;
    const owed = run.steps.flatMap((step) => run.hot.at(step.name));
    const own = run.steps.filter((step) => step.mayBeAlive).map((step) => step.aliveUntil);
    const times = [...owed.map((entry) => entry.until), ...own];
    if (times.length === 0) return null;
    this.#arm(Math.min(...times));
    const { key, token } = run.saga;
    if (outcome.status !== 'committed' || owed.length === 0 || token !== null || key === null) return null;
    const paid = new Promise<Outcome>((resolve, reject) => {
      this.#waiters.push({
        key,
        entries: new Set(owed.map(nameOf)),
        done: () => resolve(outcome),
        failed: reject,
      });
    });
    paid.catch(() => {}); // nobody has to look at it
    return paid;
  }

  /** Pays what is due. Resolves with the dead entries that still wait for their time or a node. Sweeps never overlap. */
  sweep(): Promise<readonly HotEntry[]> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  /** Whoever still waits is told `why`; the next process on the journal pays. */
  close(why: Error): void {
    this.#closed = true;
    this.#cancel();
    for (const waiter of this.#waiters.splice(0)) waiter.failed(why);
  }

  async #sweep(): Promise<readonly HotEntry[]> {
    const { session, clock } = this.#engine;
    await session.lapseHot();
    const due = await session.hot({ dueBy: clock.monotonic() });
    for (let at = 0; at < due.length; at += AT_ONCE)
      await Promise.all(due.slice(at, at + AT_ONCE).map((entry) => this.#pay(entry)));
    await this.#tell();
    const left = await session.hot({ limit: REPORTED });
    const next = Math.min(...left.map((entry) => entry.until));
    if (Number.isFinite(next)) this.#arm(Math.max(next, clock.monotonic() + RETRY_MS));
    return this.#dead(left);
  }

  async #dead(entries: readonly HotEntry[]): Promise<readonly HotEntry[]> {
    const { session } = this.#engine;
    const owed = await Promise.all(
      entries.map(
        async (entry) =>
          (await session.catalogEntry(entry.key))?.token !== entry.token && !(await this.#inHand(entry)),
      ),
    );
    return entries.filter((_, index) => owed[index]);
  }

  /** An unfinished saga, perhaps a parked one, deals with the token itself. */
  async #inHand({ key, token }: Pick<HotEntry, 'key' | 'token'>): Promise<boolean> {
    const [open] = await this.#engine.session.sagas({ key, limit: 1 });
    return open !== undefined && (open.token === token || open.prior === token || open.burnt.includes(token));
  }

  /** One DELETE of a dead entry; an idle one is spared, and so is one that an unfinished saga deals with. */
  async #pay({ key, step, token }: HotEntry): Promise<void> {
    const { session, retry, logger } = this.#engine;
    if ((await session.catalogEntry(key))?.token === token) return;
    if (await this.#inHand({ key, token })) return;
    const client = this.#calls.clients.get(step);
    if (!client || client.waitMs > 0) return;
    this.#engine.assertOpen();
    const bounds = {
      timeoutMs: retry.attemptTimeoutMs,
      queueMs: retry.attemptTimeoutMs,
      fence: this.#calls.fence,
    };
    const { answer, sentAt, tombstone } = await client.delete(key, token, bounds);
    if (answer.class === 'fenced') await this.#calls.refreshFence();
    else if ((answer.class === 'yes' || answer.class === 'no') && sentAt !== null)
      await session.payHot(key, step, token, { tombstone, sentAt });
    else if (answer.class === 'refused')
      logger.warn({ key, step, status: answer.status }, 'a node refuses a repeated DELETE');
  }

  async #tell(): Promise<void> {
    for (const waiter of [...this.#waiters]) {
      const present = (await this.#engine.session.hot({ key: waiter.key })).map(nameOf);
      if (present.some((name) => waiter.entries.has(name))) continue;
      this.#waiters = this.#waiters.filter((one) => one !== waiter);
      waiter.done();
    }
  }

  #arm(at: number): void {
    if (this.#closed) return;
    const now = this.#engine.clock.monotonic();
    if (this.#nextAt <= at && this.#nextAt > now) return;
    this.#cancel();
    this.#nextAt = at;
    this.#cancel = this.#engine.clock.schedule(at - now, () => {
      this.#nextAt = Number.POSITIVE_INFINITY;
      this.sweep().catch((err: unknown) => {
        this.#engine.logger.debug({ err }, 'a sweep of HOT entries failed; the next one tries again');
        this.#arm(this.#engine.clock.monotonic() + RETRY_MS);
      });
    });
  }
}
