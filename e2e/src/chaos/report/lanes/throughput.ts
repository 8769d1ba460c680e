import type { QueryEvent, WantedEvent } from '../../history/event.js';
import type { History } from '../../history/history.js';
import { time } from '../../judges/verdict.js';
import type { Scale } from '../scale.js';
import { curve } from './curve.js';
import type { Lane } from './lane.js';
import { failure } from './marks.js';

/** Queries and changes of the wanted set by second, each that failed as a mark. */
export function queries(history: History, scale: Scale): Lane {
  const all = history.events.filter((event): event is QueryEvent => event.type === 'query');
  const points = all.map(({ at }) => ({ at, count: 1 }));
  const lane = curve('queries / s', [{ name: 'queries', kind: 'queries', points }], scale);
  const marks = all
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ at, tag, outcome }) => failure(scale, at, `${time(at)}: query ${tag} ${outcome}`));
  return { ...lane, shapes: [...lane.shapes, ...marks] };
}

/** Changes of the wanted set by second, each that was not acknowledged as a mark. */
export function changes(history: History, scale: Scale): Lane {
  const all = history.events.filter((event): event is WantedEvent => event.type === 'wanted');
  const points = all.map(({ at }) => ({ at, count: 1 }));
  const lane = curve('changes / s', [{ name: 'changes of the wanted set', kind: 'changes', points }], scale);
  const marks = all
    .filter(({ outcome }) => outcome !== 'done')
    .map(({ at, change, outcome }) => failure(scale, at, `${time(at)}: ${change}, ${outcome}`));
  return { ...lane, shapes: [...lane.shapes, ...marks] };
}

/** What all nodes together created (up) and deleted (down) by second, from their own log. */
export function records({ facts }: History, scale: Scale): Lane {
  const of = (applied: 'created' | 'deleted', grows: 'up' | 'down') => ({
    ...{ name: `records ${applied} on all nodes`, kind: applied, grows },
    points: facts.writes.filter((one) => one.applied === applied).map(({ at }) => ({ at, count: 1 })),
  });
  return curve('records / s', [of('created', 'up'), of('deleted', 'down')], scale);
}
