import type { OwnTerm } from '../worker/protocol.js';

/**
 * What is wrong, in words, with a worker's own terms: each `elected` is followed by exactly one `resigned` or `lost` of
 * the same term before the next, and terms grow. Only the last may be open.
 */
export function termsAtOdds(events: readonly OwnTerm[]): string[] {
  const found: string[] = [];
  let open: number | null = null;
  let last = 0;
  events.forEach(({ type, term }, at) => {
    const here = `event ${at}, ${type} ${term}`;
    if (type === 'elected') {
      if (open !== null) found.push(`${here}: term ${open} has not ended`);
      if (term <= last) found.push(`${here}: not above ${last}`);
      open = term;
      last = Math.max(last, term);
    } else {
      if (open !== term) found.push(`${here}: ${open === null ? 'no term is open' : `term ${open} is`}`);
      open = null;
    }
  });
  return found;
}
