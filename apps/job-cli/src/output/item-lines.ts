import type { ItemReport, ItemStatus, Operation } from '../bulk/item-report.js';
import { isDone } from '../bulk/item-report.js';
import type { Tally } from '../bulk/tally.js';
import type { ExitCode } from '../exit-codes.js';
import type { Colours } from './colours.js';
import { formatDuration } from './durations.js';
import { printable } from './printable.js';

/** One item of a bulk command with `--json`. */
export interface ItemLine extends ItemReport {
  readonly type: 'item';
  /** Whether the id is as it was wanted. */
  readonly done: boolean;
}

/** The last line of a bulk command with `--json`. */
export interface SummaryLine {
  readonly type: 'summary';
  readonly operation: Operation | 'repair';
  /** Items that were begun. */
  readonly total: number;
  /** Items that an interruption left out; null where the number of ids is not known. */
  readonly notBegun: number | null;
  /** Items that are as they were wanted. */
  readonly done: number;
  readonly counts: Readonly<Record<ItemStatus, number>>;
  /** Reasons of the rejections. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Committed items with a DELETE that has to be repeated later; at most 20 ids by name. */
  readonly waiting: { readonly count: number; readonly ids: readonly string[] };
  /** Unfinished sagas of earlier runs that were taken over meanwhile. */
  readonly adopted: number;
  readonly interrupted: boolean;
  /** Ms over everything. */
  readonly ms: number;
  readonly exitCode: ExitCode;
}

/** The JSON line of an item. */
export function itemLine(item: ItemReport): ItemLine {
  return { type: 'item', done: isDone(item.status), ...item };
}

/** The JSON line at the end. */
export function summaryLine(
  tally: Tally,
  o: Pick<SummaryLine, 'operation' | 'notBegun' | 'adopted' | 'interrupted' | 'ms' | 'exitCode'>,
): SummaryLine {
  return {
    type: 'summary',
    operation: o.operation,
    total: tally.total,
    notBegun: o.notBegun,
    done: tally.done,
    counts: tally.counts,
    reasons: tally.reasons,
    waiting: tally.waiting,
    adopted: o.adopted,
    interrupted: o.interrupted,
    ms: o.ms,
    exitCode: o.exitCode,
  };
}

/** Longest hint in characters; it may name an id. */
const HINT_LENGTH = 240;

/** One item as a line for people: status, id, saga, why, and what to do. */
export function itemText(item: ItemReport, colours: Colours): string {
  const paint = colourOf(item.status, colours);
  const why = [
    item.reason,
    item.direction === null ? null : `goes ${item.direction === 'abort' ? 'back' : 'forward'}`,
    item.error?.message ?? null,
    item.waitsForLag ? 'a DELETE is to be repeated' : null,
  ].filter((part) => part !== null);
  const saga = item.sagaId === null ? '' : colours.dim(`  saga ${item.sagaId}`);
  const words = why.length === 0 ? '' : `  ${printable(why.join(', '))}`;
  const hint = item.hint === null ? '' : colours.dim(`  (${printable(item.hint, HINT_LENGTH)})`);
  return `${paint(item.status.padEnd(11))} ${printable(item.groupId)}${saga}${words}${hint}`;
}

/** What is known of each node of one item, a line each. */
export function nodeTexts(item: ItemReport, colours: Colours): readonly string[] {
  const nodes = Object.entries(item.nodes);
  const width = Math.max(0, ...nodes.map(([name]) => name.length));
  return nodes.map(([name, result]) => {
    const attempts = `${result.attempts} ${result.attempts === 1 ? 'attempt' : 'attempts'}`;
    const detail = result.detail === undefined ? '' : `  ${printable(result.detail)}`;
    return colours.dim(
      `  ${name.padEnd(width)}  ${result.state.padEnd(9)}  ${String(result.status ?? '–').padEnd(3)}  ${attempts}${detail}`,
    );
  });
}

/** The end of a bulk command for people. */
export function summaryText(summary: SummaryLine, described: string, colours: Colours): readonly string[] {
  const rate = summary.ms > 0 ? ` (${Math.round((summary.total * 1_000) / summary.ms)}/s)` : '';
  const rest = (summary.notBegun ?? 0) > 0 ? `; ${summary.notBegun} not begun` : '';
  const paint = summary.exitCode === 0 ? colours.green : colours.yellow;
  const lines = [
    `${summary.operation}: ${paint(described)} of ${summary.total} in ${formatDuration(summary.ms)}${rate}${rest}`,
  ];
  const { count, ids } = summary.waiting;
  if (count > 0) {
    const more = count > ids.length ? ` and ${count - ids.length} more` : '';
    lines.push(
      `${count} committed with a DELETE to be repeated once no late request can be alive: ` +
        `${ids.map((id) => printable(id)).join(', ')}${more}; the next create, delete or "job recover" does it`,
    );
  }
  const unfinished = summary.counts.in_doubt + summary.counts.left;
  if (unfinished > 0) lines.push(`${unfinished} unfinished and written down: "job recover" ends them`);
  if (summary.counts.parked > 0) lines.push(`${summary.counts.parked} parked: see "job parked"`);
  return lines;
}

function colourOf(status: ItemStatus, colours: Colours): (text: string) => string {
  if (isDone(status)) return colours.green;
  return status === 'rejected' || status === 'failed' ? colours.red : colours.yellow;
}
