import type { Measurement, WorkloadResult } from './results.js';

/** Of the columns that `cells` fills. */
export const HEADINGS: readonly string[] = ['measure', 'value', 'spread', 'floor', 'ratio', 'bar', ''];
const VERDICTS = { met: 'met', missed: 'MISSED', void: 'void' } as const;

/** A workload's measurements as a table in plain text that Markdown reads as well, its notes below. */
export function renderResult(result: WorkloadResult): string {
  const rows = result.measurements.map(cells);
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const notes = result.notes.map((note) => `- ${note}`);
  return [`## ${result.workload}`, '', line(HEADINGS), rule, ...rows.map(line), '', ...notes, ''].join('\n');
}

/** One line per bar that was missed or could not be judged, or one that says that there is none. */
export function renderVerdict(results: readonly WorkloadResult[]): string {
  const judged = results.flatMap((result) => result.measurements).filter((one) => one.bar !== undefined);
  const left = judged.filter((one) => one.bar?.verdict !== 'met');
  if (left.length === 0) return `All ${judged.length} bars met.`;
  const lines = left.map(
    (one) => `  ${one.bar && VERDICTS[one.bar.verdict]} ${one.id}: ${judgedFigure(one)}, bar ${barText(one)}`,
  );
  return [`${judged.length - left.length} of ${judged.length} bars met, but:`, ...lines].join('\n');
}

/** A measurement as one row, by `HEADINGS`. */
export function cells(one: Measurement): readonly string[] {
  return [
    one.what,
    `${figure(one.value)} ${one.unit}`,
    one.spread ? `${figure(one.spread.least)}–${figure(one.spread.most)}` : '',
    one.floor ? `${figure(one.floor.value)} (${one.floor.what})` : '',
    ratioText(one),
    barText(one),
    one.bar ? VERDICTS[one.bar.verdict] : '',
  ];
}

function ratioText({ ratio, ratioSpread }: Measurement): string {
  if (ratio === undefined) return '';
  const range = ratioSpread ? ` (${ratioSpread.least.toFixed(2)}–${ratioSpread.most.toFixed(2)})` : '';
  return `${ratio.toFixed(2)}${range}`;
}

function barText({ bar, unit }: Measurement): string {
  if (!bar) return '';
  const sign = bar.kind === 'atLeast' ? '≥' : '≤';
  return bar.of === 'ratio' ? `ratio ${sign} ${bar.value}` : `${sign} ${figure(bar.value)} ${unit}`;
}

function judgedFigure(one: Measurement): string {
  return one.bar?.of === 'ratio' ? `ratio ${one.ratio?.toFixed(2)}` : `${figure(one.value)} ${one.unit}`;
}

/** Four digits that tell, thousands apart. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
