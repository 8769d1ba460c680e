import type { Bar, Measurement, WorkloadResult } from '../harness/results.js';
import { plain } from './log-axis.js';
import { type Row, rowsChart } from './rows-chart.js';
import { FAINT, MET, MISSED } from './theme.js';

const COLOURS: Readonly<Record<Bar['verdict'], string>> = { met: MET, missed: MISSED, void: FAINT };

/** Every ratio of a workload to its floor and its peers; null: it has none. */
export function ratioChart({ workload, measurements }: WorkloadResult): string | null {
  const rows = measurements.flatMap((one): Row[] => {
    const { ratio, ratioSpread, floor, bar } = one;
    if (ratio === undefined || floor === undefined || !(ratio > 0)) return [];
    return [
      {
        label: one.what,
        value: ratio,
        least: ratioSpread?.least ?? ratio,
        most: ratioSpread?.most ?? ratio,
        told: `${ratio.toFixed(2)} × ${floor.what}`,
        colour: bar === undefined ? FAINT : COLOURS[bar.verdict],
        crossed: bar?.verdict === 'missed',
        limit: bar?.of === 'ratio' ? bar.value : undefined,
      },
    ];
  });
  if (rows.length === 0) return null;
  return rowsChart({
    title: `${workload}: ratios to floor and peers`,
    subtitle:
      'median of the rounds, band: least to most, diamond: the bar, cross: missed; measured in turn in one run',
    axis: 'ratio',
    rows,
  });
}

/** How far every bar of a workload is from being missed; null: it has none that can be drawn. */
export function barChart({ workload, measurements }: WorkloadResult): string | null {
  const rows = measurements.flatMap((one): Row[] => {
    const { bar } = one;
    const share = bar && shareOfBar(one, bar);
    if (bar === undefined || share === undefined || !(share.value > 0)) return [];
    return [{ ...share, label: one.what, colour: COLOURS[bar.verdict], crossed: bar.verdict === 'missed' }];
  });
  if (rows.length === 0) return null;
  return rowsChart({
    title: `${workload}: bars`,
    subtitle:
      'left of 1: met, cross: missed, band: least to most of the rounds; bars of zero have no place on this axis',
    axis: 'share of the bar that is used',
    rows,
  });
}

function shareOfBar(
  { value, ratio, spread, ratioSpread, unit }: Measurement,
  bar: Bar,
): Pick<Row, 'value' | 'least' | 'most' | 'told'> {
  const figure = bar.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  const range = (bar.of === 'ratio' ? ratioSpread : spread) ?? { least: figure, most: figure };
  const share = (one: number): number => (bar.kind === 'atMost' ? one / bar.value : bar.value / one);
  const ends = [share(range.least), share(range.most)];
  const sign = bar.kind === 'atMost' ? '≤' : '≥';
  const shown = bar.of === 'ratio' ? figure.toFixed(2) : plain(figure);
  const of = bar.of === 'ratio' ? '' : ` ${unit}`;
  return {
    value: share(figure),
    least: Math.min(...ends),
    most: Math.max(...ends),
    told: `${shown}, bar ${sign} ${plain(bar.value)}${of}`,
  };
}
