import type { Curve } from '../fit/curve.js';
import type { WorkloadResult } from '../harness/results.js';
import { scaleChart } from './scale-chart.js';
import { barChart, ratioChart } from './workload-charts.js';

/** A picture and the name of its file. */
export interface Chart {
  readonly file: string;
  /** For who cannot see it. */
  readonly what: string;
  readonly svg: string;
}

/** Every chart of a run: bars and ratios of each workload, and how its costs grow. */
export function chartsOf(results: readonly WorkloadResult[], curves: readonly Curve[]): readonly Chart[] {
  return results.flatMap((result) => {
    const { workload } = result;
    const own: readonly (Omit<Chart, 'svg'> & { readonly svg: string | null })[] = [
      { file: `${workload}-bars.svg`, what: `bars of ${workload}`, svg: barChart(result) },
      { file: `${workload}-ratios.svg`, what: `ratios of ${workload}`, svg: ratioChart(result) },
      ...curves
        .filter((curve) => curve.workload === workload)
        .map((curve) => ({
          file: `${curve.id}.svg`,
          what: `${curve.what}, by ${curve.axis}`,
          svg: scaleChart(curve),
        })),
    ];
    return own.flatMap((chart) => (chart.svg === null ? [] : [{ ...chart, svg: chart.svg }]));
  });
}
