import { ReliableConnectorError } from '../errors.js';
import type { BeginInput, SagaChange } from './journal.js';
import type { SagaPhase, SagaRecord, StepResult, TimelineEntry } from './records.js';

/** What a write brings along beside the change itself. */
export interface ChangeContext {
  /** The token that the journal allocated, where `allocatesToken(change)`; else null. */
  readonly token: number | null;
  /** Wall time in ms. */
  readonly now: number;
  /** The saga's whole history, replacing the stored one. */
  readonly timeline: readonly TimelineEntry[];
}

/** In which phases a change is legal (4.5 "Phases"). */
const LEGAL: Readonly<Record<SagaChange['type'], readonly SagaPhase[]>> = {
  plan: ['locked'],
  probe: ['applying', 'aborting'],
  abort: ['applying'],
  retoken: ['aborting'],
  direct: ['applying', 'aborting'],
  park: ['locked', 'applying', 'aborting'],
  unpark: ['locked', 'applying', 'aborting'],
  end: ['locked', 'applying', 'aborting'],
};

const LONE_SURROGATE = /\p{Surrogate}/u;
const EMPTY: Readonly<Record<string, never>> = Object.freeze({});
const NONE: readonly never[] = Object.freeze([]);

/** Refuses what no journal can store without changing it. Throws `INVALID_ARGUMENT`. */
export function checkBegin(input: BeginInput): void {
  for (const text of [input.key, input.idempotencyKey, input.definition, ...input.steps])
    if (typeof text === 'string' && LONE_SURROGATE.test(text))
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `${JSON.stringify(text)} has a lone surrogate, which two journals would store differently; use well-formed text`,
      );
}

/** The record of a saga that begins. */
export function beginSaga(
  input: BeginInput,
  o: { readonly id: number; readonly owner: number; readonly token: number | null; readonly now: number },
): SagaRecord {
  return {
    id: o.id,
    definition: input.definition,
    key: input.key,
    token: o.token,
    prior: input.prior ?? null,
    burnt: NONE,
    input: input.input,
    memo: input.memo ?? null,
    steps: input.steps,
    phase: input.phase,
    direction: null,
    reason: null,
    parked: null,
    results: EMPTY,
    probes: EMPTY,
    resolved: EMPTY,
    timeline: input.timeline,
    createdAt: o.now,
    endedAt: null,
    outcome: null,
    idempotencyKey: input.idempotencyKey ?? null,
    argsHash: input.argsHash ?? null,
    owner: o.owner,
    epoch: 1,
  };
}

/** Whether the journal allocates a token in the change's transaction. */
export function allocatesToken(change: SagaChange): boolean {
  if (change.type === 'retoken') return true;
  return (change.type === 'plan' || change.type === 'abort') && change.allocate;
}

/**
 * The record after a change; the given one is untouched. Throws `INVALID_ARGUMENT` where the phase does not allow the
 * change: that is an error of the caller's program, never a race, since ownership was checked before.
 */
export function changeSaga(saga: SagaRecord, change: SagaChange, context: ChangeContext): SagaRecord {
  checkChange(saga, change);
  const { timeline } = context;
  switch (change.type) {
    case 'plan':
      return {
        ...saga,
        phase: 'applying',
        memo: change.memo,
        prior: change.prior,
        token: context.token ?? saga.token,
        timeline,
      };
    case 'probe':
      return { ...saga, probes: { ...saga.probes, [change.step]: change.token }, timeline };
    case 'abort': {
      const aborting = {
        ...saga,
        phase: 'aborting' as const,
        reason: change.reason,
        memo: change.memo === undefined ? saga.memo : change.memo,
        timeline,
      };
      return change.allocate
        ? { ...aborting, token: context.token, burnt: burn(saga, [saga.prior, saga.token]) }
        : aborting;
    }
    case 'retoken':
      return { ...saga, token: context.token, burnt: burn(saga, [saga.token]), results: EMPTY, timeline };
    case 'direct':
      return { ...saga, direction: change.direction, timeline };
    case 'park':
      return { ...saga, parked: { step: change.step, why: change.why, at: context.now }, timeline };
    case 'unpark':
      return { ...saga, parked: null, timeline };
    case 'end':
      return {
        ...saga,
        phase: 'ended',
        parked: null,
        endedAt: context.now,
        outcome: change.outcome,
        // Hints for an adopter: nobody adopts what has ended, and the outcome tells of every step.
        results: {},
        idempotencyKey: change.forget ? null : saga.idempotencyKey,
        argsHash: change.forget ? null : saga.argsHash,
        owner: null,
        timeline,
      };
  }
}

/** The record with RESULTs noted (4.3), by step. */
export function noteResults(
  saga: SagaRecord,
  results: Readonly<Record<string, StepResult>>,
  timeline: readonly TimelineEntry[],
): SagaRecord {
  return { ...saga, results: { ...saga.results, ...results }, timeline };
}

/** The record in the hands of another owner (4.6). */
export function adoptSaga(saga: SagaRecord, owner: number, timeline: readonly TimelineEntry[]): SagaRecord {
  return { ...saga, owner, epoch: saga.epoch + 1, timeline };
}

/**
 * The record after an operator's word on a parked step (RESOLVED), or null where it is not parked or has no such step.
 * The owner stays and the epoch rises: a live owner finds itself deposed at its next write and adopts its saga anew.
 */
export function resolveSaga(
  saga: SagaRecord,
  o: { readonly step: string; readonly how: 'done' | 'retry'; readonly by: string; readonly now: number },
): SagaRecord | null {
  if (saga.phase === 'ended' || saga.parked === null || !saga.steps.includes(o.step)) return null;
  const { [o.step]: _, ...others } = saga.resolved;
  const detail = `${o.how} by ${o.by}`;
  return {
    ...saga,
    parked: null,
    resolved: o.how === 'done' ? { ...others, [o.step]: detail } : others,
    epoch: saga.epoch + 1,
    timeline: [...saga.timeline, { at: o.now, event: 'resolve', step: o.step, detail }],
  };
}

function burn(saga: SagaRecord, tokens: readonly (number | null)[]): readonly number[] {
  return [...new Set([...saga.burnt, ...tokens.filter((token) => token !== null)])];
}

/** Throws `INVALID_ARGUMENT` for a change that the saga's phase or steps do not allow; before a token is allocated. */
export function checkChange(saga: SagaRecord, change: SagaChange): void {
  if (!LEGAL[change.type].includes(saga.phase))
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `"${change.type}" of saga ${saga.id} needs the phase ${LEGAL[change.type].join(' or ')}; it is ${saga.phase}`,
    );
  if ((change.type === 'probe' || change.type === 'park') && !saga.steps.includes(change.step))
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `"${change.type}" of saga ${saga.id} names the step ${JSON.stringify(change.step)}; its steps are ${saga.steps.join(', ')}`,
    );
}
