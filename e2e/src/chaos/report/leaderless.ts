import type { History } from '../history/history.js';
import type { Term } from '../judges/terms/term.js';
import { endOf, loadBegan, type Span } from './span.js';

/** When no worker could act as leader, from the beginning of the load until all was at rest. */
export function leaderless(history: History, acting: readonly Term[]): readonly Span[] {
  const rest = history.events.find((event) => event.type === 'stage' && event.stage === 'quiet');
  const until = rest?.at ?? endOf(history);
  const spans: Span[] = [];
  let from = loadBegan(history);
  for (const term of acting) {
    if (term.from > from) spans.push({ from, to: Math.min(term.from, until) });
    from = Math.max(from, term.to ?? until);
  }
  if (from < until) spans.push({ from, to: until });
  return spans.filter((span) => span.to > span.from);
}
