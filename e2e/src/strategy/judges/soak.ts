import type { EngineState } from '@holdfast/engine-mock';
import type { QueryEnd } from '../client/protocol.js';

/** How often the engine has executed each query, by the tag in its text. */
export function executionsByTag({ executions }: Pick<EngineState, 'executions'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [text, count] of Object.entries(executions)) {
    const tag = /\/\* (\S+) \*\//.exec(text)?.[1];
    if (tag !== undefined) counts.set(tag, (counts.get(tag) ?? 0) + count);
  }
  return counts;
}

/**
 * What is wrong, in words, with how often queries were executed: one that succeeded and was not, and one that ran twice
 * although nobody had said that this does no harm.
 */
export function executionsAtOdds(
  queries: readonly QueryEnd[],
  counts: ReadonlyMap<string, number>,
): string[] {
  return queries.flatMap((query) => {
    const { tag, kind, end, idempotent } = query;
    const count = counts.get(tag) ?? 0;
    if (count > 1 && !idempotent) return [`doubled: ${kind} ${tag} (${end}) was executed ${count} times`];
    return end === 'ok' && count === 0 ? [`lost: ${kind} ${tag} succeeded and was never executed`] : [];
  });
}

/** What is wrong, in words, with how queries ended where nothing may fail. */
export function failures(queries: readonly QueryEnd[]): string[] {
  return queries.filter(({ end }) => end !== 'ok').map(told);
}

/**
 * What is wrong, in words, with how queries ended while connections were cut:
 *
 * - a failure of a query none of whose calls was under way on a connection that was lost;
 * - a failure of one that is idempotent and had delivered no row;
 * - any other end than `LOST_AFTER_SEND`.
 */
export function failuresOfCut(queries: readonly QueryEnd[]): string[] {
  return queries.flatMap((query) => {
    const { end, wasCut, idempotent, rows } = query;
    if (end === 'ok') return [];
    if (!wasCut) return [`no call of it was cut: ${told(query)}`];
    if (idempotent && rows === 0) return [`it could have been repeated: ${told(query)}`];
    return end === 'LOST_AFTER_SEND' ? [] : [`not the error that says so: ${told(query)}`];
  });
}

/**
 * What is wrong, in words, with the rows that writes have left: what was acknowledged must be there once, what failed
 * may be there once, and nothing else is.
 */
export function writesAtOdds(
  queries: readonly QueryEnd[],
  left: { readonly inserted: ReadonlySet<string>; readonly updates: number },
): string[] {
  const inserts = queries.filter(({ kind }) => kind === 'insert');
  const begun = new Set(inserts.map(({ tag }) => tag));
  const missing = inserts.filter(({ end, tag }) => end === 'ok' && !left.inserted.has(tag));
  const strange = [...left.inserted].filter((tag) => !begun.has(tag));
  const updates = queries.filter(({ kind }) => kind === 'update');
  const sure = updates.filter(({ end }) => end === 'ok').length;
  const isRight = left.updates >= sure && left.updates <= updates.length;
  return [
    ...missing.map(({ tag }) => `row ${tag} is missing`),
    ...strange.map((tag) => `row ${tag} was never inserted`),
    ...(isRight ? [] : [`${left.updates} updates for ${sure} to ${updates.length}`]),
  ];
}

const told = ({ kind, tag, end, rows, strategy, wasCut, message }: QueryEnd): string =>
  `${kind} ${tag} on ${strategy || 'none'} after ${rows} rows${wasCut ? ', cut' : ''}: ${end} ${message}`;

/** How far the log's clock and that of the clients may be apart, ms. */
const CLOCKS_APART_MS = 5;

/**
 * What is wrong, in words, with how queries ended while deployments were ended before their queries: a failure other than
 * `DEPLOYMENT_GONE`, one of a query that did not run on a deployment when that was ended, and one that is idempotent and
 * had delivered no row.
 */
export function failuresOfShortDrains(
  queries: readonly QueryEnd[],
  ends: readonly { readonly colour: string; readonly at: number }[],
): string[] {
  return queries.flatMap((query) => {
    const { end, strategy, executed, to, idempotent, rows } = query;
    if (end === 'ok') return [];
    if (end !== 'DEPLOYMENT_GONE') return [`not the error that says so: ${told(query)}`];
    if (idempotent && rows === 0) return [`it could have been repeated: ${told(query)}`];
    const wasThere = ends.some(
      ({ colour, at }) => colour === strategy && at > executed - CLOCKS_APART_MS && at < to + CLOCKS_APART_MS,
    );
    return wasThere ? [] : [`no deployment was ended under it: ${told(query)}`];
  });
}
