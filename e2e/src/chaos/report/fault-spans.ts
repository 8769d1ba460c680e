import type { FaultEvent, FaultName } from '../history/event.js';
import type { History } from '../history/history.js';
import { endOf, type Span } from './span.js';

/** A fault from its beginning to its end; one without an end lasts as long as the run. */
export interface FaultSpan extends Span {
  readonly n: number;
  readonly fault: FaultName;
  readonly target: string;
  readonly detail: string;
}

/** In the order of their beginnings. */
export function faultSpans(history: History): readonly FaultSpan[] {
  const told = history.events.filter((event): event is FaultEvent => event.type === 'fault');
  const ends = new Map(told.filter(({ phase }) => phase === 'end').map(({ n, at }) => [n, at]));
  const last = endOf(history);
  return told
    .filter(({ phase }) => phase === 'begin')
    .map(({ n, fault, target, at, detail }) => ({
      ...{ n, fault, target, detail: detail ?? '' },
      ...{ from: at, to: ends.get(n) ?? last },
    }));
}
