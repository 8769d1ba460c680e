import type { QueryEvent } from '../history/event.js';
import type { History, Verdict } from '../history/history.js';
import { none, time } from './verdict.js';

/** A tag in a comment, as each query of the run has one. */
const TAG = /\/\* (\S+) \*\//;

/**
 * Texts with a tag of their own that the engine executed more than once. Texts without one are the stack's own, which say
 * that they may be repeated. A query that ended well and was never executed counts too: then nobody can tell what was.
 */
export function doubledExecutes({ events, facts }: History): Verdict {
  const counts = new Map<string, number>();
  for (const [text, count] of Object.entries(facts.executions)) {
    const tag = TAG.exec(text)?.[1];
    if (tag !== undefined) counts.set(tag, (counts.get(tag) ?? 0) + count);
  }
  const queries = events.filter((event): event is QueryEvent => event.type === 'query');
  const began = new Map(queries.map(({ tag, at }) => [tag, at]));
  const doubled = [...counts].filter(([, count]) => count > 1);
  const lost = queries.filter(({ tag, outcome }) => outcome === 'ok' && !counts.has(tag));
  return none('doubled executes', [
    ...doubled.map(([tag, count]) => `${told(tag, began.get(tag))} was executed ${count} times`),
    ...lost.map(({ tag, at }) => `${told(tag, at)} ended well and was never executed`),
  ]);
}

const told = (tag: string, at: number | undefined): string =>
  at === undefined ? `the statement tagged ${tag}` : `${time(at)}: query ${tag}`;
