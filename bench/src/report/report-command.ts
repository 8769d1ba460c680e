import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Chart } from '../charts/charts-of.js';
import { writeCharts } from '../charts/write-charts.js';
import { curvesOf } from '../fit/curves.js';
import type { BenchReport, WorkloadResult } from '../harness/results.js';
import { replaceBlocks } from './blocks.js';
import { readReport } from './read-report.js';
import { barsSection, curvesSection, runSection, workloadSection } from './sections.js';

export interface ReportCommand {
  /** Results; a workload that is in several is taken from the last. */
  readonly files: readonly string[];
  /** The document whose marked blocks are filled. */
  readonly document: string;
  /** Where the charts go. */
  readonly charts: string;
  readonly print: (text: string) => void;
}

/** Draws the charts of results and fills the blocks of a document with their tables, so that nobody types a figure. */
export async function runReport({ files, document, charts, print }: ReportCommand): Promise<void> {
  const reports = withoutRepeated(await Promise.all(files.map(readReport)));
  const results = reports.flatMap((report) => report.workloads);
  const curves = curvesOf(results);
  const drawn = await writeCharts(charts, results);
  const text = await readFile(document, 'utf8');
  const folder = relative(join(document, '..'), charts);
  const filled = replaceBlocks(text, (name) => {
    if (name === 'run') return runSection(reports);
    if (name === 'bars') return barsSection(results);
    if (name === 'curves')
      return [curvesSection(curves), ...pictures(drawn, (file) => isCurve(file), folder)].join('\n\n');
    const own = drawn.filter(({ file }) => file.startsWith(`${name}-`) && !isCurve(file));
    return workloadSection(
      results.find(({ workload }) => workload === name),
      own,
      folder,
    );
  });
  await writeFile(document, filled);
  print(`${drawn.length} charts in ${charts}, tables in ${document}`);
  const missed = results.flatMap(({ measurements }) =>
    measurements.filter(({ bar }) => bar?.verdict === 'missed'),
  );
  for (const { id, what } of missed)
    if (!filled.includes(`\`${id}\``)) print(`  not explained there: ${id} (${what}) missed its bar`);

  function isCurve(file: string): boolean {
    return curves.some(({ id }) => file === `${id}.svg`);
  }
}

function pictures(
  charts: readonly Chart[],
  chosen: (file: string) => boolean,
  folder: string,
): readonly string[] {
  return charts.filter(({ file }) => chosen(file)).map(({ file, what }) => `![${what}](${folder}/${file})`);
}

/** Each workload stays in the last file that has it. */
function withoutRepeated(reports: readonly BenchReport[]): readonly BenchReport[] {
  const isLast = (of: number, { workload }: WorkloadResult): boolean =>
    !reports.slice(of + 1).some((later) => later.workloads.some((one) => one.workload === workload));
  return reports
    .map((report, n) => ({ ...report, workloads: report.workloads.filter((one) => isLast(n, one)) }))
    .filter(({ workloads }) => workloads.length > 0);
}
