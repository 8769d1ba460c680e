import type { WireReply } from '../nodes/replies.js';
import type { Prng } from '../world/prng.js';

/** What will become of one request, decided as it is made. */
export interface Fate {
  readonly kind: FateKind;
  /** Ms in the client's own queue, before the first byte. */
  readonly queuedMs: number;
  /** False: no byte ever leaves. */
  readonly sent: boolean;
  /** Ms after the sending at which the request reaches the node, once for each time it does. */
  readonly lands: readonly number[];
  /** What the client is shown: the node's answer to the first landing, a reset, nothing until it gives up, or something else. */
  readonly shows: 'answer' | 'reset' | 'nothing' | WireReply;
  /** Ms after the sending at which it is shown. */
  readonly shownMs: number;
}

export type FateKind = 'answered' | FaultKind;

/** All that may befall a request. The last three break an assumption of 4.2 and need the option that admits it, or a judge who knows. */
export const FAULT_KINDS = [
  'not sent',
  'stuck in the queue',
  'request lost',
  'reply lost',
  'reset before the write',
  'reset after the write',
  'own error before the write',
  'own error after the write',
  'throttled by the node',
  'error page of a proxy',
  'JSON error of a gateway',
  '400 and 404 page of a proxy',
  'redirect',
  'truncated reply',
  'slow',
  'late',
  'duplicate',
  'own error, then the write',
  'beyond Q',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a fault may take into account. */
export interface Circumstances {
  readonly dice: Prng;
  /** Q: no request lands later, but for `beyond Q`. */
  readonly maxServerLagMs: number;
  /** The client's patience. */
  readonly timeoutMs: number;
  /** One way through the network. */
  readonly wayMs: () => number;
}

/** Decides by weights that a seed may make as odd as it likes. */
export function drawFate(
  rate: number,
  weights: Readonly<Partial<Record<FaultKind, number>>>,
  c: Circumstances,
): Fate {
  if (!c.dice.chance(rate)) return answered(c);
  const kind = c.dice.weighted(weights);
  const fate = { ...answered(c), ...FAULTS[kind](c), kind };
  return kind === 'beyond Q'
    ? fate
    : { ...fate, lands: fate.lands.map((ms) => Math.min(ms, 0.999 * c.maxServerLagMs)) };
}

function answered({ wayMs }: Circumstances): Fate {
  const lands = wayMs();
  return {
    kind: 'answered',
    queuedMs: 0,
    sent: true,
    lands: [lands],
    shows: 'answer',
    shownMs: lands + wayMs(),
  };
}

const FAULTS: Record<FaultKind, (c: Circumstances) => Partial<Fate>> = {
  'not sent': () => ({ sent: false, lands: [] }),
  'stuck in the queue': ({ dice, timeoutMs }) => ({ queuedMs: dice.between(0, 2 * timeoutMs) }),
  'request lost': () => ({ lands: [], shows: 'nothing' }),
  'reply lost': () => ({ shows: 'nothing' }),
  'reset before the write': () => ({ lands: [], shows: 'reset' }),
  'reset after the write': () => ({ shows: 'reset' }),
  'own error before the write': ({ dice }) => ({ lands: [], shows: ownError(dice) }),
  'own error after the write': ({ dice }) => ({ shows: ownError(dice) }),
  'throttled by the node': ({ dice, wayMs }) => ({
    lands: dice.chance(0.5) ? [] : [wayMs()],
    shows: json(dice.pick([503, 429, 425]), 'Later.', { 'retry-after': dice.pick(RETRY_AFTER) }),
  }),
  'error page of a proxy': ({ dice, ...c }) => ({
    lands: maybeLate(dice, c.maxServerLagMs),
    shows: page(dice.pick([500, 502, 503, 504])),
  }),
  'JSON error of a gateway': ({ dice, ...c }) => ({
    lands: maybeLate(dice, c.maxServerLagMs),
    shows: dice.chance(0.5)
      ? json(504, 'Upstream timed out.')
      : json(500, 'Upstream failed.', { via: '1.1 gateway' }),
  }),
  '400 and 404 page of a proxy': ({ dice, ...c }) => ({
    lands: maybeLate(dice, c.maxServerLagMs),
    shows: page(dice.pick([400, 404])),
  }),
  redirect: ({ dice, ...c }) => ({
    lands: maybeLate(dice, c.maxServerLagMs),
    shows: { ...page(302), headers: { location: '/login' } },
  }),
  'truncated reply': () => ({ shows: 'reset' }),
  slow: ({ dice, timeoutMs }) => {
    const lands = dice.between(0, timeoutMs);
    return { lands: [lands], shownMs: lands + dice.between(0, timeoutMs) };
  },
  late: ({ dice, maxServerLagMs }) => ({
    lands: [lateIn(dice, maxServerLagMs)],
    shows: dice.pick(['nothing', 'reset', page(504)]),
  }),
  duplicate: ({ dice, maxServerLagMs, wayMs }) => ({ lands: [wayMs(), lateIn(dice, maxServerLagMs)] }),
  'own error, then the write': ({ dice, maxServerLagMs }) => ({
    lands: [lateIn(dice, maxServerLagMs)],
    shows: ownError(dice),
  }),
  'beyond Q': ({ dice, maxServerLagMs }) => ({
    lands: [maxServerLagMs * dice.between(1, 3)],
    shows: 'nothing',
  }),
};

const RETRY_AFTER = ['0', '1', '3', '99999999999', '-1', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', '1e3'];

/** Any time within Q, mostly its first tenth or its very end: where the protocol's waits are decided. */
function lateIn(dice: Prng, maxServerLagMs: number): number {
  const [from, to] = dice.pick([
    [0, 0.1],
    [0, 1],
    [0.9, 1],
  ] as const);
  return maxServerLagMs * dice.between(from, to) * 0.999;
}

/** Behind an intermediary nobody knows: lost, done, or still to come. */
function maybeLate(dice: Prng, maxServerLagMs: number): number[] {
  return dice.chance(0.4) ? [] : [dice.chance(0.5) ? dice.between(0, 5) : lateIn(dice, maxServerLagMs)];
}

function ownError(dice: Prng): WireReply {
  return dice.chance(0.5)
    ? json(500, 'InternalServerError due to Random Behavior')
    : json(408, 'Timeout due to Random Behavior');
}

function json(status: number, message: string, headers: Record<string, string> = {}): WireReply {
  const body = `{"message": ${JSON.stringify(message)}, "status": ${status}}`;
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function page(status: number): WireReply {
  return {
    status,
    headers: { 'content-type': 'text/html', via: '1.1 proxy' },
    body: `<html><h1>${status}</h1></html>`,
  };
}
