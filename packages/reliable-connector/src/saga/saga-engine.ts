import { createHash } from 'node:crypto';
import { checkedDeadline, checkedIdempotencyKey } from '../checks.js';
import { ReliableConnectorError } from '../errors.js';
import type { SagaEvents } from '../events.js';
import type { Journal, SagaQuery } from '../journal/journal.js';
import { openEmbedded } from '../journal/open-embedded.js';
import type { SagaRecord } from '../journal/records.js';
import type { Json } from '../json.js';
import type { Outcome } from '../outcome.js';
import { Emitter } from './emitter.js';
import { Engine } from './engine.js';
import { type EngineOptions, resolveEngineOptions } from './engine-options.js';
import { Housekeeping } from './housekeeping.js';
import { Lifetime } from './lifetime.js';
import { recoverAbandoned } from './recovery.js';
import type { SagaSpec } from './saga-spec.js';
import { definitionOf } from './spec-definition.js';

export interface SagaEngineOptions extends EngineOptions {
  /** Path of the embedded SQLite journal (needs `better-sqlite3`), or a journal. */
  readonly journal: string | Journal;
  /** Every kind of saga that may be found in the journal. */
  readonly sagas: readonly SagaSpec<never>[];
  /**
   * What the steps talk to, by name and address. The journal is bound to this set (4.3), so that it is never used
   * against other systems by mistake.
   */
  readonly services: Readonly<Record<string, string>>;
}

export interface SagaRunOptions {
  /** At most one unfinished saga per key; others wait in line. Default: none is locked. */
  readonly key?: string;
  /** Ms after which the promise settles, whatever is still to be done. Default: the engine's. */
  readonly deadlineMs?: number;
  /** Stops forward work, never an undo. */
  readonly signal?: AbortSignal;
  /** The same key with the same input is the same saga and outcome, also across processes (S9). Default none. */
  readonly idempotencyKey?: string;
}

/**
 * The saga engine for work of your own: steps with `apply` and `undo`, written down before they are sent, retried to a
 * definite answer, undone without end, adopted after a crash. What can still go wrong: a step that lies about being
 * definite, a request that outlives `maxServerLagMs`, and an `undo` that is refused leaves the saga parked.
 */
export class SagaEngine implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #close: (graceMs: number) => Promise<void>;

  /** Use `openSagaEngine`. */
  constructor(engine: Engine, close: (graceMs: number) => Promise<void>) {
    this.#engine = engine;
    this.#close = close;
  }

  /** Runs one saga. Throws `INVALID_ARGUMENT`, `IDEMPOTENCY_MISMATCH`, `JOURNAL_STOPPED`, `CLOSED`. */
  async run<I extends Json>(spec: SagaSpec<I>, input: I, o: SagaRunOptions = {}): Promise<Outcome> {
    const definition = this.#engine.definition(spec.name);
    if (!definition)
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `saga ${JSON.stringify(spec.name)} was not given to openSagaEngine({ sagas }), so it could not be recovered after a crash`,
      );
    const args = JSON.stringify([spec.name, o.key ?? null, input]);
    return this.#engine.start({
      definition,
      key: o.key ?? null,
      phase: 'applying',
      input,
      steps: spec.steps.map((step) => step.name),
      allocate: true,
      deadlineMs: checkedDeadline(o.deadlineMs ?? this.#engine.deadlineMs),
      signal: o.signal,
      idempotency:
        o.idempotencyKey === undefined
          ? undefined
          : {
              key: checkedIdempotencyKey(o.idempotencyKey),
              argsHash: createHash('sha256').update(args).digest('base64'),
            },
    });
  }

  /** Finishes what dead processes left behind. `wait`: also what only waits for `maxServerLagMs`. Resolves with how many were taken over. */
  async recover(o: { readonly wait?: boolean; readonly signal?: AbortSignal } = {}): Promise<number> {
    const { adopted } = await recoverAbandoned(this.#engine, {
      wait: o.wait ?? false,
      signal: o.signal,
      mayTakeOver: () => false,
    });
    return adopted.length;
  }

  /** Sagas of the journal; by default the unfinished ones. */
  async sagas(query: SagaQuery = {}): Promise<readonly SagaRecord[]> {
    this.#engine.assertOpen();
    return this.#engine.session.sagas(query);
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof SagaEvents>(event: E, listener: (payload: SagaEvents[E]) => void): () => void {
    return this.#engine.events.on(event, listener);
  }

  /** Takes no more sagas, lets running ones end for `graceMs` (default 0), and leaves the rest to recovery. */
  async close(o: { readonly graceMs?: number } = {}): Promise<void> {
    await this.#close(o.graceMs ?? 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Opens an engine for sagas of your own. Throws `INVALID_ARGUMENT`, `MISSING_DEPENDENCY`, or a `JOURNAL_…` code. */
export async function openSagaEngine(o: SagaEngineOptions): Promise<SagaEngine> {
  const options = resolveEngineOptions(o);
  const { clock, random, logger, maxServerLagMs } = options;
  const { journal, close } = await openEmbedded(o.journal, options);
  try {
    const session = await journal.join({
      nodes: o.services,
      maxServerLagMs,
      term: null,
      clock,
      random,
      logger,
    });
    const definitions = o.sagas.map((spec) => definitionOf(spec));
    const engine = new Engine({ session, definitions, options, events: new Emitter(logger) });
    const housekeeping = new Housekeeping(engine, options, (signal) =>
      recoverAbandoned(engine, { wait: false, signal, mayTakeOver: () => false }),
    );
    const lifetime = new Lifetime({ engine, housekeeping, disconnect: async () => {}, closeJournal: close });
    housekeeping.start();
    return new SagaEngine(engine, (graceMs) => lifetime.close(closed(), graceMs));
  } catch (error) {
    await close();
    throw error;
  }
}

const closed = (): ReliableConnectorError =>
  new ReliableConnectorError(
    'CLOSED',
    'the saga engine is closed; open another one, its recovery ends what was left',
  );
