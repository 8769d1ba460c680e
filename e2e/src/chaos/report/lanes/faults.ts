import { FAULTS } from '../../history/event.js';
import type { History } from '../../history/history.js';
import { time } from '../../judges/verdict.js';
import { type FaultSpan, faultSpans } from '../fault-spans.js';
import { inBar } from '../label.js';
import type { Scale } from '../scale.js';
import { type Bar, barOf, type Lane, name, rect } from './lane.js';

const HEIGHT = 13;
const GAP = 3;
/** Between bars of a row. */
const APART = 1;

/** A row for each kind of fault that struck, and more where several of a kind are at work at once. */
export function faults(history: History, scale: Scale): Lane {
  const spans = faultSpans(history);
  const bars: { readonly span: FaultSpan; readonly bar: Bar }[] = [];
  const names = [];
  let y = 0;
  for (const kind of FAULTS) {
    const own = spans.filter(({ fault }) => fault === kind);
    if (own.length === 0) continue;
    const ends: number[] = [];
    for (const span of own) {
      const wide = barOf(scale, span, { y: 0, height: HEIGHT });
      const free = ends.findIndex((end) => end + APART <= wide.x);
      const row = free === -1 ? ends.length : free;
      ends[row] = wide.x + wide.width;
      bars.push({ span, bar: { ...wide, y: y + row * (HEIGHT + GAP) } });
    }
    names.push(name(`${kind} × ${own.length}`, { y, height: HEIGHT }));
    y += ends.length * (HEIGHT + GAP);
  }
  return {
    height: Math.max(y - GAP, HEIGHT),
    shapes: bars.map(({ span, bar }) => rect(bar, `fault ${familyOf(span)}`, told(span))),
    labels: [...names, ...bars.flatMap(({ span, bar }) => inBar([span.target], bar, 9))],
  };
}

/** Faults of workers, nodes, servers and the engine have a colour each. */
function familyOf({ fault }: FaultSpan): string {
  if (fault.endsWith('-worker')) return 'at-worker';
  if (fault.startsWith('node-')) return 'at-node';
  return fault === 'switch' || fault === 'engine-delay' ? 'at-engine' : 'at-server';
}

function told({ n, fault, target, detail, from, to }: FaultSpan): string {
  const span = to === from ? `at ${time(from)}` : `${time(from)} to ${time(to)}`;
  return `${n}: ${fault} of ${target}, ${span}${detail === '' ? '' : `; ${detail}`}`;
}
