import type { Chart } from '../charts/charts-of.js';
import type { Curve } from '../fit/curve.js';
import { machineLine } from '../harness/machine.js';
import type { BenchReport, Measurement, WorkloadResult } from '../harness/results.js';
import { cells, HEADINGS } from '../harness/table.js';
import { markdownTable } from './markdown.js';
import { PROMISES } from './promises.js';

/** Where a run was made, and what of it is shown. */
export function runSection(reports: readonly BenchReport[]): string {
  return reports
    .map((report) => {
      const { machine, startedAt, rounds, quick, workloads, loadAtEnd } = report;
      const seconds = workloads.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
      return [
        `- ${workloads.map(({ workload }) => workload).join(', ')}: ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${rounds} rounds, ${Math.round(seconds / 6) / 10} minutes, on one machine: ${machineLine(machine)}, ${loadAtEnd} at the end.`,
        ...(quick ? ['  **A quick run: it shows that everything works, and its figures tell little.**'] : []),
      ].join('\n');
    })
    .join('\n');
}

/** Every bar with what was measured. */
export function barsSection(results: readonly WorkloadResult[]): string {
  const judged = results.flatMap(({ measurements }) => measurements.filter(({ bar }) => bar));
  const absent = PROMISES.filter(({ ids }) => !judged.some(({ id }) => ids.test(id)));
  const met = judged.filter(({ bar }) => bar?.verdict === 'met').length;
  const rows = [
    ...judged.map(barCells),
    ...absent.map(({ what, workload }) => [what, '', '', '', 'not measured', workload]),
  ];
  return [
    `${met} of ${judged.length} bars met, ${absent.length} not measured.`,
    '',
    markdownTable(['bar', 'limit', 'measured', 'ratio', 'verdict', 'id'], rows),
  ].join('\n');
}

/** How costs grow. */
export function curvesSection(curves: readonly Curve[]): string {
  const rows = curves.flatMap(({ what, axis, unit, series }) =>
    series.map(({ name, points, growth }) => [
      what,
      name,
      `${points.map(({ n }) => n.toLocaleString('en-US')).join(', ')} ${axis}`,
      ...(growth === null
        ? ['too few sizes', '', '', '']
        : [
            growth.shape,
            growth.exponent.toFixed(2),
            growth.lastExponent.toFixed(2),
            growth.worseThanLinear ? '**worse than linear**' : 'no worse than linear',
          ]),
      growth === null ? '' : formula(growth, unit),
    ]),
  );
  if (rows.length === 0) return 'No scale curve was measured.';
  return markdownTable(['cost', 'whose', 'sizes', 'grows', 'k', 'k at the end', 'verdict', 'fit'], rows);
}

const TERMS = { constant: '', linear: 'n', 'n log n': 'n ln n', quadratic: 'n²' } as const;

function formula(
  { shape, fixed, each }: NonNullable<Curve['series'][number]['growth']>,
  unit: string,
): string {
  const digits = (value: number): string => String(Number(value.toPrecision(2)));
  return shape === 'constant'
    ? `${digits(fixed)} ${unit}`
    : `${digits(fixed)} + ${digits(each)} ${TERMS[shape]} ${unit}`;
}

/** All figures of one workload, its charts and its notes. */
export function workloadSection(
  result: WorkloadResult | undefined,
  charts: readonly Chart[],
  folder: string,
): string {
  if (result === undefined) return 'Not measured in this run.';
  const pictures = charts.map(({ file, what }) => `![${what}](${folder}/${file})`);
  const table = markdownTable(
    HEADINGS.map((heading) => heading || 'verdict'),
    result.measurements.map(cells),
  );
  const notes = result.notes.map((note) => `- ${note.replaceAll('<', '&lt;').replaceAll('*', '\\*')}`);
  return [...pictures, table, notes.join('\n')].join('\n\n');
}

function barCells(one: Measurement): readonly string[] {
  const [what = '', value = '', , , ratio = '', limit = '', verdict = ''] = cells(one);
  return [what, limit, value, ratio, verdict === 'MISSED' ? '**missed**' : verdict, one.id];
}
