import { createHash } from 'node:crypto';
import { checkedDeadline, checkedIdempotencyKey } from '../checks.js';
import { ReliableConnectorError } from '../errors.js';
import type { SagaEvents } from '../events.js';
import type { Journal, SagaQuery } from '../journal/journal.js';
import { openEmbedded } from '../journal/open-embedded.js';
import type { SagaRecord } from '../journal/records.js';
import type { Json } from '../json.js';
import type { Outcome } from '../outcome.js';
import type { ParkedSaga } from '../reports.js';
import { Emitter } from './emitter.js';
import { Engine } from './engine.js';
import { type EngineOptions, resolveEngineOptions } from './engine-options.js';
import { Housekeeping } from './housekeeping.js';
import { Lifetime } from './lifetime.js';
import { parkedSagas } from './parked.js';
import { recoverAbandoned } from './recovery.js';
import type { SagaSpec } from './saga-spec.js';
import { definitionOf } from './spec-definition.js';

/** `fanOut` is each saga's own: its `order`. */
export interface SagaEngineOptions extends Omit<EngineOptions, 'fanOut'> {
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

/** What a recovery of `SagaEngine` did and left. */
export interface SagaRecovery {
  /** Sagas taken over in this pass. */
  readonly adopted: number;
  /** Sagas at work here of which some step only waits for `maxServerLagMs`. */
  readonly waiting: number;
  readonly parked: readonly ParkedSaga[];
  /** Held by a live owner: not ours to take. */
  readonly held: number;
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
  readonly #specs: ReadonlySet<SagaSpec<never>>;
  readonly #close: (graceMs: number) => Promise<void>;

  /** Use `openSagaEngine`. */
  constructor(engine: Engine, specs: readonly SagaSpec<never>[], close: (graceMs: number) => Promise<void>) {
    this.#engine = engine;
    this.#specs = new Set(specs);
    this.#close = close;
  }

  /** Runs one saga. Throws `INVALID_ARGUMENT`, `IDEMPOTENCY_MISMATCH`, `JOURNAL_STOPPED`, `CLOSED`. */
  async run<I extends Json>(spec: SagaSpec<I>, input: I, o: SagaRunOptions = {}): Promise<Outcome> {
    const definition = this.#specs.has(spec as SagaSpec<never>)
      ? this.#engine.definition(spec.name)
      : undefined;
    if (!definition)
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `saga ${JSON.stringify(spec.name)} was not given to openSagaEngine({ sagas }), so it could not be recovered after a crash`,
      );
    // A copy, as the journal has it: what the caller does with its own afterwards is not the saga's input.
    const stored = JSON.parse(JSON.stringify(input)) as I;
    const args = JSON.stringify([spec.name, o.key ?? null, stored]);
    return this.#engine.start({
      definition,
      key: o.key ?? null,
      phase: 'applying',
      input: stored,
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

  /** Finishes what dead processes left behind. `wait`: also what only waits for `maxServerLagMs`, never parked sagas. */
  async recover(o: { readonly wait?: boolean; readonly signal?: AbortSignal } = {}): Promise<SagaRecovery> {
    return recoverSagas(this.#engine, { wait: o.wait ?? false, signal: o.signal });
  }

  /** Sagas that need an operator, or a service that has been away for long. */
  async parked(): Promise<readonly ParkedSaga[]> {
    this.#engine.assertOpen();
    return parkedSagas(this.#engine);
  }

  /** The operator's word on one step of a parked saga: its obligation is met, or is to be tried again. Throws `SAGA_NOT_FOUND`. */
  async resolve(
    sagaId: number,
    o: { readonly step: string; readonly assume: 'done' | 'retry'; readonly by?: string },
  ): Promise<SagaRecord> {
    const resolved = await this.#engine.resolve(sagaId, {
      step: o.step,
      assume: o.assume,
      by: o.by ?? 'operator',
    });
    if (resolved) return resolved;
    throw new ReliableConnectorError(
      'SAGA_NOT_FOUND',
      `no parked saga ${sagaId} with a step ${o.step}; parked() lists what can be resolved`,
    );
  }

  /** One saga by its number or idempotency key; null: unknown, or pruned after its retention. */
  async status(ref: number | { readonly idempotencyKey: string }): Promise<SagaRecord | null> {
    this.#engine.assertOpen();
    const { session } = this.#engine;
    return typeof ref === 'number' ? session.saga(ref) : session.sagaByIdempotencyKey(ref.idempotencyKey);
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
    const definitions = checkedSpecs(o.sagas).map((spec) => definitionOf(spec));
    const engine = new Engine({ session, definitions, options, events: new Emitter(logger) });
    const housekeeping = new Housekeeping(engine, options, (signal) =>
      recoverSagas(engine, { wait: false, signal }),
    );
    const lifetime = new Lifetime({ engine, housekeeping, disconnect: async () => {}, closeJournal: close });
    housekeeping.start();
    return new SagaEngine(engine, o.sagas, (graceMs) => lifetime.close(closed(), graceMs));
  } catch (error) {
    await close();
    throw error;
  }
}

async function recoverSagas(
  engine: Engine,
  o: { readonly wait: boolean; readonly signal: AbortSignal | undefined },
): Promise<SagaRecovery> {
  const { adopted, held } = await recoverAbandoned(engine, { ...o, mayTakeOver: () => false });
  const parked = await parkedSagas(engine);
  const waiting = [...engine.running.values()].filter((run) =>
    run.steps.some((step) => step.activity === 'waiting'),
  );
  engine.events.emit('recover', { adopted: adopted.length, waiting: waiting.length, parked: parked.length });
  return { adopted: adopted.length, waiting: waiting.length, parked, held };
}

/** Names are how a saga is found again after a crash, so each has to be there once. */
function checkedSpecs(specs: readonly SagaSpec<never>[]): readonly SagaSpec<never>[] {
  const invalid = (what: string): ReliableConnectorError =>
    new ReliableConnectorError('INVALID_ARGUMENT', what);
  const names = new Set<string>();
  for (const { name, steps } of specs) {
    if (names.has(name))
      throw invalid(`two sagas are named ${JSON.stringify(name)}; give each a name of its own`);
    names.add(name);
    const unique = new Set(steps.map((step) => step.name));
    if (steps.length === 0 || unique.size !== steps.length)
      throw invalid(
        `saga ${JSON.stringify(name)} has ${steps.length} steps with ${unique.size} names; give at least one step, each with a name of its own`,
      );
  }
  return specs;
}

const closed = (): ReliableConnectorError =>
  new ReliableConnectorError(
    'CLOSED',
    'the saga engine is closed; open another one, its recovery ends what was left',
  );
