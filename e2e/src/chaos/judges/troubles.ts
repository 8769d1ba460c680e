import type { History, Verdict } from '../history/history.js';
import { none, time } from './verdict.js';

/** Rejections that nobody handled, crashes, and processes that ended by themselves. */
export function troubles({ events }: History): Verdict {
  const against = events.flatMap((event) =>
    event.type === 'trouble' ? [`${time(event.at)}: ${event.source}: ${event.text}`] : [],
  );
  return none('unhandled rejections and crashes', against);
}
