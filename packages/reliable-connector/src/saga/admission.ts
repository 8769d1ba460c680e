import { sleep } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import type { SagaRecord } from '../journal/records.js';
import type { Json } from '../json.js';
import { onAbort } from '../on-abort.js';
import type { Outcome } from '../outcome.js';
import type { SagaDefinition } from './definition.js';
import type { Engine } from './engine.js';
import { HotList } from './hot-list.js';
import { SagaRun } from './saga-run.js';
import { Timeline } from './timeline.js';

/** What one call of `start` asks for. */
export interface StartRequest {
  readonly definition: SagaDefinition;
  readonly key: string | null;
  /** `locked` when `prepare` has to read before PLAN. */
  readonly phase: 'locked' | 'applying';
  readonly input: Json;
  readonly memo?: Json;
  readonly prior?: number | null;
  readonly steps: readonly string[];
  readonly allocate: boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly idempotency?: { readonly key: string; readonly argsHash: string } | undefined;
}

/** While another process holds a key, its lock row is asked for again after so many ms at most. */
const POLL_CAP_MS = 100;
/** Every so many polls, whether the holder has died is asked as well. */
const POLLS_PER_ADOPTION = 8;

const BUSY_HINT =
  'another operation on this id is still running; repeat the call, or look at it with status()';

/** How a call becomes a saga in the journal, or joins the one that its idempotency key names (4.4 step 1, S9). */
export class Admission {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Asks for the lock row until it is had, the key is known, or the time is over. */
  async begin(request: StartRequest, deadlineAt: number): Promise<SagaRun | Outcome> {
    const timeline = new Timeline(this.#engine.clock);
    timeline.add(request.phase === 'locked' ? 'lock' : 'plan');
    const { definition, key, phase, input, memo, prior, steps, allocate, idempotency } = request;
    for (let attempt = 1; ; attempt += 1) {
      this.#engine.assertOpen();
      const begun = await this.#engine.session.begin({
        definition: definition.name,
        key,
        phase,
        input,
        steps,
        allocate,
        timeline: timeline.entries,
        ...(memo !== undefined && { memo }),
        ...(prior !== undefined && { prior }),
        ...(idempotency && { idempotencyKey: idempotency.key, argsHash: idempotency.argsHash }),
      });
      if (begun.kind === 'begun') {
        const run = new SagaRun(
          this.#engine,
          definition,
          begun.saga,
          new HotList(begun.catalog, begun.hot),
          timeline,
        );
        if (phase === 'applying') run.planned();
        return run;
      }
      if (begun.kind === 'known')
        return (await this.#follow(begun.saga, request, deadlineAt)) ?? this.unheard(request);
      await this.#awaitHolder(begun.holder, attempt, { deadlineAt, signal: request.signal });
      if (request.signal?.aborted || this.#engine.clock.monotonic() >= deadlineAt)
        return this.unheard(request);
    }
  }

  /** Waits a while for another saga: for its end when it is ours, else for a poll, adopting it when its owner is gone. */
  async #awaitHolder(
    holder: SagaRecord,
    attempt: number,
    { deadlineAt, signal }: { readonly deadlineAt: number; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const { clock, running, random } = this.#engine;
    const left = Math.max(0, deadlineAt - clock.monotonic());
    let local = running.get(holder.id);
    if (!local && attempt % POLLS_PER_ADOPTION === 1)
      local = (await this.#engine.adopt({ saga: holder }, { supersede: false })) ?? undefined;
    if (local) {
      const enough = new AbortController();
      const unlink = onAbort(signal, () => enough.abort());
      await Promise.race([local.over.promise, sleep(clock, left, enough.signal)]);
      unlink();
      enough.abort();
      return;
    }
    const pollMs = Math.min(POLL_CAP_MS, 5 * attempt) * (0.5 + random());
    await sleep(clock, Math.min(left, pollMs), signal);
  }

  /** S9: a known idempotency key gives its saga's outcome, a running one up to the caller's deadline. */
  async join(request: StartRequest, deadlineAt: number): Promise<Outcome | null> {
    const saga =
      request.idempotency && (await this.#engine.session.sagaByIdempotencyKey(request.idempotency.key));
    return saga ? this.#follow(saga, request, deadlineAt) : null;
  }

  async #follow(known: SagaRecord, request: StartRequest, deadlineAt: number): Promise<Outcome | null> {
    if (known.argsHash !== request.idempotency?.argsHash)
      throw new ReliableConnectorError(
        'IDEMPOTENCY_MISMATCH',
        `idempotency key ${JSON.stringify(request.idempotency?.key)} belongs to saga ${known.id} with other arguments; use a new key for a new operation`,
      );
    let saga: SagaRecord | null = known;
    for (let attempt = 1; saga; attempt += 1) {
      if (saga.phase === 'ended') return storedOutcome(saga);
      if (request.signal?.aborted || this.#engine.clock.monotonic() >= deadlineAt) return joinedInDoubt(saga);
      await this.#awaitHolder(saga, attempt, { deadlineAt, signal: request.signal });
      saga = await this.#engine.session.saga(known.id);
    }
    return null;
  }

  /** Nothing was written down for this call; unless its idempotency key has come up meanwhile. */
  async unheard(request: StartRequest): Promise<Outcome> {
    const joined = await this.join(request, this.#engine.clock.monotonic());
    if (joined) return joined;
    if (request.signal?.aborted)
      return { status: 'compensated', sagaId: null, reason: 'cancelled', nodes: {} };
    return { status: 'rejected', sagaId: null, reason: 'busy', nodes: {}, hint: BUSY_HINT };
  }
}

/** The outcome that was told when the saga ended. */
export function storedOutcome(saga: SagaRecord): Outcome {
  // The engine itself wrote this value when the saga ended; it is read by nobody else.
  return saga.outcome as unknown as Outcome;
}

function joinedInDoubt(saga: SagaRecord): Outcome {
  const direction = saga.phase === 'aborting' ? 'abort' : saga.direction;
  return {
    status: saga.parked ? 'parked' : 'in_doubt',
    sagaId: saga.id,
    ...(direction && { direction }),
    nodes: {},
    hint: 'the operation of this idempotency key is still running; ask its status, or repeat the call with the same key',
  };
}
