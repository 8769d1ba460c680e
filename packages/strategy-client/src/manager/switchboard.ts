import type { Clock } from '../clock.js';
import { Emitter } from '../emitter.js';
import { StrategyClientError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Prober } from '../routing/candidate.js';
import { Routing, type SwitchReason } from '../routing/routing.js';
import type { StoredStrategy } from '../stores/strategy-store.js';
import type { Strategy } from '../strategy.js';
import type { StrategyEvents } from './events.js';
import { Counters } from './metrics.js';
import type { ResolvedManagerOptions } from './options.js';
import { QueryPins } from './pins.js';
import { StoreLink } from './store-link.js';

/** Who routes its calls by a manager: a connection's client, or one that `withStrategy` made. */
export interface Participant {
  /** Who probes what this participant hears of. */
  readonly prober: Prober;
  /** A session on the routing target; see `StrategyManager.session`. */
  session(signal: AbortSignal | undefined): Promise<SessionLease>;
}

/** A session and the deployment that it belongs to. */
export interface SessionLease {
  readonly strategy: Strategy;
  readonly sessionId: string;
}

/** What a manager is made of, for those who route calls by it. */
export class Switchboard {
  readonly routing: Routing;
  readonly pins: QueryPins = new QueryPins();
  readonly counters: Counters = new Counters();
  readonly events: Emitter<StrategyEvents>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Set by `setPendingStrategy`; an announcement is the routing's candidate. */
  callerPending: Strategy | null = null;
  /** Wall time of the latest move in ms since 1970; 0 before the first. */
  lastTransition = 0;
  readonly #link: StoreLink;
  readonly #participants = new Set<Participant>();
  readonly #leftAt: Record<Strategy, number | null> = { blue: null, green: null };
  #closed = false;

  constructor(o: ResolvedManagerOptions) {
    this.logger = o.logger;
    this.clock = o.clock;
    this.events = new Emitter(o.logger);
    this.routing = new Routing({
      clock: o.clock,
      cacheTimeoutMs: o.strategyCacheTimeoutMs,
      guess: 'blue',
      listener: {
        confirmed: (strategy) => this.#confirmed(strategy),
        nominated: (strategy) => this.events.emit('pending', { strategy, active: this.routing.target }),
        moved: (from, to, reason) => this.#moved(from, to, reason),
      },
    });
    const store = o.store({ target: o.target, cluster: o.cluster }, o);
    this.#link = new StoreLink(store, {
      current: () => this.stored,
      guess: ({ strategy }) => strategy && this.routing.guess(strategy),
      adopt: ({ strategy }) => strategy && this.routing.adopt(strategy),
      contest: (mine, theirs) => this.#contest(mine, theirs),
      failed: (err) => o.logger.warn({ err }, 'the shared store failed; this process goes on by itself'),
    });
  }

  /** Resolves when the store has been read for the first time, and everything since. */
  get ready(): Promise<void> {
    return this.#link.settled;
  }

  /** The target as a store holds it. */
  get stored(): StoredStrategy {
    return { strategy: this.active, lastCheckTime: this.lastCheckTime };
  }

  /** The target if it was confirmed lately. */
  get active(): Strategy | null {
    return this.routing.isConfirmed ? this.routing.target : null;
  }

  /** What was announced or set and is not the target yet. */
  get pending(): Strategy | null {
    return this.routing.candidate?.strategy ?? this.callerPending;
  }

  /** Wall time of the latest confirmation in ms since 1970; 0 when there is none. */
  get lastCheckTime(): number {
    const { confirmedAt } = this.routing;
    return confirmedAt === null ? 0 : this.clock.now() - (this.clock.monotonic() - confirmedAt);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Some participant, the first that came, but before all others one with probes of its own; null when there is none. */
  get anyParticipant(): Participant | null {
    let first: Participant | null = null;
    for (const one of this.#participants) {
      if (!one.prober.needsCalls) return one;
      first ??= one;
    }
    return first;
  }

  enlist(participant: Participant): void {
    if (this.#closed)
      throw new StrategyClientError('CLOSED', 'the strategy manager is closed; make a new one');
    this.#participants.add(participant);
  }

  dismiss(participant: Participant): void {
    this.#participants.delete(participant);
    this.routing.retire(participant.prober, this.anyParticipant?.prober);
  }

  /** Ends a query's pin. What a caller has set as pending is applied then, as in the origin. */
  release(queryId: string): void {
    const strategy = this.pins.release(queryId);
    if (strategy === null) return;
    if (this.callerPending !== null) this.applyPending();
    this.#maybeDrained(strategy);
  }

  /** Ends what `pins.enter` has counted. */
  leave(strategy: Strategy): void {
    this.pins.leave(strategy);
    this.#maybeDrained(strategy);
  }

  /** What is pending becomes the target, proved or not. */
  applyPending(): Strategy | null {
    const { pending } = this;
    if (pending !== null) this.routing.move(pending, 'caller');
    this.callerPending = null;
    return pending;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link.close();
  }

  #confirmed(strategy: Strategy): void {
    this.events.emit('detected', { strategy });
    this.#link.publish();
  }

  #moved(from: Strategy, to: Strategy, reason: SwitchReason): void {
    this.counters.switches++;
    this.lastTransition = this.clock.now();
    this.#leftAt[from] = this.clock.monotonic();
    this.#leftAt[to] = null;
    if (this.callerPending === to) this.callerPending = null;
    this.logger.info({ from, to, reason }, `strategy transition completed: ${from} -> ${to}`);
    this.events.emit('switched', { from, to, reason });
    if (reason !== 'store') this.#link.publish();
    if (this.pins.count(from) === 0) this.#drained(from);
  }

  #maybeDrained(strategy: Strategy): void {
    if (this.pins.count(strategy) === 0 && this.routing.target !== strategy) this.#drained(strategy);
  }

  #drained(strategy: Strategy): void {
    const leftAt = this.#leftAt[strategy];
    if (leftAt === null) return;
    this.#leftAt[strategy] = null;
    const drainMs = this.clock.monotonic() - leftAt;
    this.counters.drains.add(drainMs);
    this.events.emit('drained', { strategy, drainMs });
  }

  #contest(mine: StoredStrategy, theirs: StoredStrategy): void {
    if (theirs.strategy !== null) this.routing.adopt(theirs.strategy);
    const prober = this.anyParticipant?.prober;
    if (prober !== undefined && mine.strategy !== null && mine.strategy !== this.routing.target)
      this.routing.nominate(mine.strategy, prober);
  }
}
