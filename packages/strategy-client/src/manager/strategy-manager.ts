import { StrategyClientError } from '../errors.js';
import { parseStrategy, type Strategy } from '../strategy.js';
import type { StrategyEvents } from './events.js';
import { type GrpcHeaderParts, grpcHeader } from './grpc-header.js';
import type { StrategyMetrics } from './metrics.js';
import {
  type ResolvedManagerOptions,
  resolveManagerOptions,
  type StrategyManagerOptions,
} from './options.js';
import { type SessionLease, Switchboard } from './switchboard.js';

/** A copy of what a manager knows; the names are the origin's. */
export interface SharedStrategy {
  readonly activeStrategy: Strategy | null;
  /** Wall time in ms since 1970 of the latest answer that confirmed it; 0 when there is none. */
  readonly lastCheckTime: number;
  readonly pendingStrategy: Strategy | null;
  /** Running queries and the deployment of each. */
  readonly queryStrategyMap: Readonly<Record<string, Strategy>>;
}

/** A copy of what a manager knows, for a person; times are wall time in ms since 1970, 0 for never. */
export interface StrategyDebugInfo {
  readonly active: Strategy | null;
  readonly pending: Strategy | null;
  readonly lastCheck: number;
  readonly lastTransition: number;
  readonly queryCount: number;
  readonly now: number;
}

/** What a manager is made of; for those of this package who route calls by it. */
export let boardOf: (manager: StrategyManager) => Switchboard;

/**
 * Where the calls to one router and cluster go: the functions of the origin's API reference under their camelCase names
 * (engine-wire section 5). Share one among connections and clients of `withStrategy` that talk to the same router.
 *
 * Its state changes only between two awaits. What can still go wrong: the manager knows what the engine has told it; until
 * the first answer after a switch its target is the older deployment, and the engine's 456 is what corrects it.
 */
export class StrategyManager {
  readonly #options: ResolvedManagerOptions;
  readonly #board: Switchboard;

  static {
    boardOf = (manager) => manager.#board;
  }

  /** Throws `INVALID_ARGUMENT`. */
  constructor(options: StrategyManagerOptions) {
    this.#options = resolveManagerOptions(options);
    this.#board = new Switchboard(this.#options);
  }

  /** `host:port` of the router. */
  get target(): string {
    return this.#options.target;
  }

  /** Name of the cluster in lower case; empty where there is none. */
  get cluster(): string {
    return this.#options.cluster;
  }

  /** The deployment that new calls go to; null while it is unknown, expired or cleared. */
  getActiveStrategy(): Strategy | null {
    return this.#board.active;
  }

  /** Makes a deployment the target, unproved. Case does not matter; nothing happens for empty, and a warning for invalid values. */
  setActiveStrategy(strategy: string | null | undefined): void {
    const parsed = this.#parse(strategy);
    if (parsed !== null) this.#board.routing.move(parsed, 'caller');
  }

  /**
   * Sets what `applyPendingStrategy`, or the end of the next query, makes the target. The target itself cancels what is
   * pending (the origin keeps it). Nothing happens for empty, and a warning for invalid values.
   */
  setPendingStrategy(strategy: string | null | undefined): void {
    const parsed = this.#parse(strategy);
    if (parsed === null) return;
    if (parsed !== this.#board.active) {
      this.#board.callerPending = parsed;
      return;
    }
    this.#board.callerPending = null;
    this.#board.routing.withdraw();
  }

  /** What is pending becomes the target, proved or not. The new target, or null when nothing was pending. */
  applyPendingStrategy(): Strategy | null {
    return this.#board.applyPending();
  }

  /** Forgets target and pending: the next call asks the engine again. Running queries keep their deployment. */
  clearStrategyCache(): void {
    this.#board.callerPending = null;
    this.#board.routing.forget();
  }

  /** Pins a query to a deployment. Nothing happens for empty, and a warning for invalid values. */
  registerQueryStrategy(queryId: string | null | undefined, strategy: string | null | undefined): void {
    if (!queryId) return;
    const parsed = this.#parse(strategy);
    if (parsed !== null) this.#board.pins.register(queryId, parsed);
  }

  /** The deployment that a query is pinned to; for another query the active one. */
  getQueryStrategy(queryId: string | null | undefined): Strategy | null {
    return (queryId ? this.#board.pins.get(queryId) : null) ?? this.getActiveStrategy();
  }

  /** Ends a query's pin; nothing happens for an unknown or empty id. */
  cleanupQueryStrategy(queryId: string | null | undefined): void {
    if (queryId) this.#board.release(queryId);
  }

  /** The entries of the engine's metadata: `plannerip`, `cluster-name`, `strategy`, without those that are empty or invalid. */
  getGrpcHeader(parts: GrpcHeaderParts = {}): [string, string][] {
    return grpcHeader(parts, this.#options.logger);
  }

  /** What is known, as the origin's shared memory holds it. */
  getSharedStrategy(): SharedStrategy {
    const { active, pending, lastCheckTime, pins } = this.#board;
    return {
      activeStrategy: active,
      lastCheckTime,
      pendingStrategy: pending,
      queryStrategyMap: pins.snapshot(),
    };
  }

  /** What is known, for a person. */
  getStrategyDebugInfo(): StrategyDebugInfo {
    const { active, pending, lastCheckTime, lastTransition, pins, clock } = this.#board;
    return {
      active,
      pending,
      lastCheck: lastCheckTime,
      lastTransition,
      queryCount: pins.size,
      now: clock.now(),
    };
  }

  /**
   * A session on the routing target: the open one, or a new one after finding out which deployment is active.
   *
   * @throws AuthenticationError, StrategyDetectionError, and `NOT_SUPPORTED` when no connection uses this manager.
   */
  async session(o: { readonly signal?: AbortSignal } = {}): Promise<SessionLease> {
    const participant = this.#board.anyParticipant;
    if (participant === null)
      throw new StrategyClientError(
        'NOT_SUPPORTED',
        'no connection uses this manager; pass it to connect() first',
      );
    return participant.session(o.signal);
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof StrategyEvents>(event: E, listener: (payload: StrategyEvents[E]) => void): () => void {
    return this.#board.events.on(event, listener);
  }

  /** What was counted so far; a copy. */
  metrics(): StrategyMetrics {
    const { counters, pins } = this.#board;
    return {
      switches: counters.switches,
      mismatches: { ...counters.mismatches },
      authentications: { ...counters.authentications },
      reauthentications: { ...counters.reauthentications },
      retries: counters.retries,
      pinned: { blue: pins.count('blue'), green: pins.count('green') },
      abandoned: counters.abandoned,
      lostAfterSend: counters.lostAfterSend,
      deploymentsGone: counters.deploymentsGone,
      drains: counters.drains.snapshot(),
      resumes: counters.resumes.snapshot(),
    };
  }

  /** Lets go of the shared store. Connections that still use this manager go on without it. */
  close(): Promise<void> {
    return this.#board.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #parse(strategy: string | null | undefined): Strategy | null {
    if (strategy === null || strategy === undefined || strategy === '') return null;
    const parsed = parseStrategy(strategy);
    if (parsed === null)
      this.#options.logger.warn({ strategy }, 'an invalid strategy is ignored; it must be blue or green');
    return parsed;
  }
}
