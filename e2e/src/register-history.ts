import type { OperationEnd } from './worker/protocol.js';

/** One operation on one id, as its caller saw it. Times in ms on one clock. */
export interface Operation {
  readonly op: 'create' | 'delete';
  readonly groupId: string;
  readonly end: OperationEnd;
}

/**
 * What an operation may have done to a register with the states present and absent: the state that it found, and the
 * state that it left. `optional`: it may also never have happened; then its time has no end.
 */
interface Effect {
  readonly from: number;
  readonly to: number;
  readonly finds: boolean | null;
  readonly leaves: boolean | null;
  readonly optional: boolean;
}

/**
 * Whether the operations on one id, some at the same time, can be put into one order that explains every outcome and
 * the state at the end, and in which no operation precedes one that had ended before it began (S6). `in_doubt` and
 * calls that threw may have happened or not. With few operations all orders can be tried.
 *
 * @param first whether the id was present before the first operation.
 * @param last whether it is present now, when nothing is under way any more.
 */
export function isSerialisable(operations: readonly Operation[], first: boolean, last: boolean): boolean {
  const effects = operations.map(effectOf);
  return effects.every((effect) => effect !== null) && canEnd(effects, first, last);
}

function canEnd(left: readonly Effect[], present: boolean, last: boolean): boolean {
  if (left.every((effect) => effect.optional) && present === last) return true;
  return left.some((effect, at) => {
    const others = left.toSpliced(at, 1);
    const tooEarly = others.some((other) => !other.optional && other.to < effect.from);
    if (tooEarly || (effect.finds !== null && effect.finds !== present)) return false;
    return canEnd(others, effect.leaves ?? present, last);
  });
}

/** null: an outcome that cannot be right where all writers share one journal. */
function effectOf({ op, end }: Operation): Effect | null {
  const { from, to, outcome } = end;
  const wanted = op === 'create';
  if (!outcome || outcome.status === 'in_doubt' || outcome.status === 'parked')
    return { from, to: Number.POSITIVE_INFINITY, finds: null, leaves: wanted, optional: true };
  if (outcome.status === 'committed') return { from, to, finds: !wanted, leaves: wanted, optional: false };
  if (outcome.status === 'compensated') return { from, to, finds: null, leaves: null, optional: false };
  switch (outcome.reason) {
    case 'exists':
    case 'not_found':
      return (outcome.reason === 'exists') === wanted
        ? { from, to, finds: wanted, leaves: null, optional: false }
        : null;
    case 'busy':
    case 'unavailable':
      return { from, to, finds: null, leaves: null, optional: false };
    default:
      return null;
  }
}
