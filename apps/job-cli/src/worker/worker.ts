import {
  type CoordinationEvent,
  type Coordinator,
  getCoordinator,
  type Leadership,
} from '@holdfast/coordination';
import type { Connection } from '@holdfast/strategy-client';
import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { CoordinationSettings } from '../config/coordination-settings.js';
import type { Settings } from '../config/settings.js';
import { isNoGroup } from '../group/read-workers.js';
import { type TermReport, toCapabilities, type WorkerFacts } from '../group/worker-facts.js';
import { WORKER_GROUP } from '../group/worker-group.js';
import { Backoff } from './backoff.js';
import { codeOf } from './code-of.js';
import type { Health, WorkerState } from './health-server.js';
import { notShared, rivalOf } from './journal-check.js';
import { serveTerm } from './term.js';
import { whyOver } from './why-over.js';
import type { WorkerMetrics } from './worker-metrics.js';
import type { WorkerSettings } from './worker-settings.js';

/** Bound of a call of the backend, ms. */
const CALL_MS = 5_000;
/** Bound of telling the group how things are: the next run tells it again. */
const PUBLISH_MS = 2_000;
/** On top of the drain, ms, for closing connector and journal. */
const HAND_OVER_MARGIN_MS = 5_000;

/** What a worker is made of. */
export interface WorkerParts {
  readonly settings: Settings;
  readonly worker: WorkerSettings;
  readonly coordination: CoordinationSettings;
  readonly facts: Omit<WorkerFacts, 'term'>;
  readonly engine: Connection;
  readonly metrics: WorkerMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * A member of the group that stands for election for as long as it runs, and reconciles while it leads. Whatever fails
 * along the way is tried again with bounded pauses; only what no repetition can mend ends it.
 */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #coordinator: Coordinator;
  readonly #backoff: Backoff;
  /** Ends the worker for a reason of its own: the reason is what `run` throws. */
  readonly #refused = new AbortController();
  /** Cuts off the connector of the running term. */
  #lost = new AbortController();
  #state: WorkerState = 'joining';
  #report: TermReport | null = null;

  constructor(parts: WorkerParts) {
    const { coordination, worker, clock, logger } = parts;
    this.#parts = parts;
    this.#backoff = new Backoff(clock);
    this.#coordinator = getCoordinator(coordination.url, worker.id, {
      membershipTtlMs: coordination.leaseMs,
      lockTtlMs: coordination.leaseMs,
      timeoutMs: CALL_MS,
      handOverTimeoutMs: worker.drainMs + HAND_OVER_MARGIN_MS,
      rejoin: true,
      logger,
    });
  }

  get health(): Health {
    const { facts, worker } = this.#parts;
    return {
      state: this.#state,
      id: worker.id,
      journal: facts.journal,
      coordinated: this.#coordinator.isStarted && this.#coordinator.joinedGroups.has(WORKER_GROUP),
      error: this.#report?.error ?? null,
    };
  }

  /**
   * Takes part until the signal aborts; then hands over in good order and leaves.
   *
   * @throws JobError `JOURNAL_NOT_SHARED`, and what says that settings or journal cannot be used.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#refused.signal]);
    try {
      await this.#untilDone('the coordination backend cannot be reached', stop, () =>
        this.#coordinator.start({ signal: stop }),
      );
      await this.#untilDone('the group cannot be joined', stop, () => this.#join());
      if (!stop.aborted) await this.#takePart(stop);
    } finally {
      this.#state = 'stopping';
      await this.#leave();
    }
    if (this.#refused.signal.aborted) throw this.#refused.signal.reason;
  }

  async #takePart(stop: AbortSignal): Promise<void> {
    const watching = new AbortController();
    const watch = this.#watch(AbortSignal.any([stop, watching.signal]));
    this.#state = 'candidate';
    this.#parts.logger.info({ journal: this.#parts.facts.journal }, 'joined; standing for election');
    try {
      while (!stop.aborted) await this.#oneTerm(stop);
    } finally {
      watching.abort();
      await watch;
    }
  }

  async #oneTerm(stop: AbortSignal): Promise<void> {
    const { logger } = this.#parts;
    try {
      await this.#coordinator.lead(WORKER_GROUP, (leadership) => this.#lead(leadership, stop), {
        signal: stop,
      });
      this.#backoff.reset();
    } catch (error) {
      if (stop.aborted) return;
      if (isFinal(error)) return this.#refused.abort(error);
      const lost = codeOf(error) === 'LEADERSHIP_LOST';
      logger.warn({ err: error }, lost ? 'the leadership was lost' : 'leading failed; standing again soon');
      await this.#backoff.wait(stop);
    }
  }

  async #lead(leadership: Leadership, stop: AbortSignal): Promise<void> {
    const { settings, worker, engine, clock, metrics, facts } = this.#parts;
    const { term, signal } = leadership;
    const logger = this.#parts.logger.child({ term: String(term) });
    this.#lost = new AbortController();
    const lost = this.#lost;
    const onEnd = (): void => {
      if (codeOf(signal.reason) === 'LEASE_LOST') lost.abort(signal.reason);
    };
    signal.addEventListener('abort', onEnd, { once: true });
    logger.info({}, 'elected');
    try {
      await this.#checkRivals(true);
      this.#refused.signal.throwIfAborted();
      this.#state = 'leader';
      metrics.began(term);
      await serveTerm(leadership, {
        ...{ settings, worker, engine, clock, logger },
        lost: lost.signal,
        publish: (report) => this.#publish(report),
        checkJournal: (id) => this.#checkOwn(id, facts.journal),
        onRun: (result, durationMs) => metrics.ran(result, durationMs),
      });
      this.#backoff.reset();
    } catch (error) {
      if (!signal.aborted) throw error;
      logger.debug({ err: error }, 'ended with the term');
    } finally {
      signal.removeEventListener('abort', onEnd);
      metrics.ended();
      this.#state = 'candidate';
      logger.info({ why: whyOver({ term: signal, lost: lost.signal, stop }) }, 'the term is over');
      await this.#publish(null);
    }
  }

  async #join(): Promise<void> {
    await this.#checkRivals(false);
    if (this.#refused.signal.aborted) return;
    await this.#coordinator.joinGroupCreate(WORKER_GROUP, this.#capabilities());
    await this.#checkRivals(true);
  }

  /** Refuses to go on where another worker's journal is the one that counts. */
  async #checkRivals(joined: boolean): Promise<void> {
    const { facts, worker, settings, logger } = this.#parts;
    const self = { id: worker.id, journal: facts.journal, started: facts.started, path: settings.journal };
    try {
      const members = await this.#coordinator.getMembersWithCapabilities(WORKER_GROUP);
      const leader = joined ? await this.#coordinator.getLeader(WORKER_GROUP) : null;
      const rival = rivalOf(self, members, { joined, leader });
      if (rival === null) return;
      const refusal = notShared(self, rival);
      logger.error({}, refusal.message);
      this.#refused.abort(refusal);
    } catch (error) {
      if (!isNoGroup(error)) throw error;
    }
  }

  #checkOwn(found: string, own: string): void {
    if (found === own) return;
    const { settings, worker, facts } = this.#parts;
    const self = { id: worker.id, journal: found, started: facts.started, path: settings.journal };
    throw notShared(self, { ...self, journal: own });
  }

  /** Hears of lost leases also while it is stepping down, and looks at the journal of whoever joins. */
  async #watch(signal: AbortSignal): Promise<void> {
    for await (const event of this.#coordinator.events(WORKER_GROUP, { signal })) {
      try {
        await this.#heard(event);
      } catch (error) {
        this.#parts.logger.warn(
          { err: error },
          'the group could not be looked at; the next change tries again',
        );
      }
    }
  }

  async #heard(event: CoordinationEvent): Promise<void> {
    const { worker, logger } = this.#parts;
    switch (event.type) {
      case 'lost':
        return this.#lost.abort(new Error(`term ${event.term} was lost`));
      case 'evicted':
        return logger.warn({}, 'taken for dead; joining again');
      case 'elected':
        if (event.memberId !== worker.id)
          logger.info({ leader: event.memberId, term: String(event.term) }, 'another worker leads');
        return;
      case 'joined':
        if (event.memberId !== worker.id) await this.#checkRivals(true);
        return;
      default:
    }
  }

  async #publish(report: TermReport | null): Promise<void> {
    this.#report = report;
    try {
      await this.#coordinator.updateCapabilities(WORKER_GROUP, this.#capabilities(), {
        timeoutMs: PUBLISH_MS,
      });
    } catch (error) {
      this.#parts.logger.debug({ err: error }, 'the group could not be told how things are');
    }
  }

  #capabilities(): ReturnType<typeof toCapabilities> {
    return toCapabilities({ ...this.#parts.facts, term: this.#report });
  }

  /** Hands over, leaves, disconnects; what the backend does not answer in time ends with the lease. */
  async #leave(): Promise<void> {
    if (!this.#coordinator.isStarted) return;
    try {
      await this.#coordinator.stop({ timeoutMs: this.#parts.worker.drainMs + HAND_OVER_MARGIN_MS });
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'the group could not be left; membership ends with its lease');
    }
  }

  async #untilDone(what: string, stop: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    while (!stop.aborted) {
      try {
        await attempt();
        return this.#backoff.reset();
      } catch (error) {
        if (stop.aborted) return;
        if (isFinal(error)) throw error;
        this.#parts.logger.warn({ err: error }, `${what}; trying again`);
        await this.#backoff.wait(stop);
      }
    }
  }
}

/** Codes that no repetition mends: settings, or a journal that is not fit. */
const FINAL: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'MISSING_DEPENDENCY',
  'DRIVER_CHOSEN_POORLY',
  'SERIALIZATION',
  'JOURNAL_NOT_SHARED',
  'JOURNAL_OTHER_CLUSTER',
  'JOURNAL_DAMAGED',
  'JOURNAL_TOO_NEW',
]);

const isFinal = (error: unknown): boolean => FINAL.has(codeOf(error));
