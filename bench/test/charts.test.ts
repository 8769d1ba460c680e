import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chartsOf } from '../src/charts/charts-of.js';
import { logAxis } from '../src/charts/log-axis.js';
import { curvesOf } from '../src/fit/curves.js';
import { type BenchReport, bar, type Measurement, type WorkloadResult } from '../src/harness/results.js';
import { replaceBlocks } from '../src/report/blocks.js';
import { runReport } from '../src/report/report-command.js';

const members = [10, 100, 1_000, 10_000].flatMap((n): Measurement[] => [
  {
    id: `coordination.members-${n}.holdfast`,
    what: `members with capabilities of ${n}: holdfast`,
    unit: 'ms',
    value: n / 100,
    spread: { median: n / 100, least: n / 110, most: n / 90 },
    floor: { what: 'one EVALSHA, undecoded', value: n / 150 },
    ratio: 1.5,
    ratioSpread: { median: 1.5, least: 1.4, most: 1.6 },
    ...(n === 100 ? { bar: bar('atMost', 1.4, 'ratio', 1.5) } : {}),
  },
]);

const RESULT: WorkloadResult = {
  workload: 'coordination',
  measurements: [
    ...members,
    { id: 'coordination.a', what: 'a < b & c | d', unit: '', value: 0, bar: bar('atMost', 0, 'value', 0) },
    { id: 'coordination.tooz', what: 'tooz', unit: 'ms', value: Number.NaN, ratio: Number.NaN },
  ],
  notes: ['2 rounds <each>'],
  seconds: 3,
};

const REPORT: BenchReport = {
  startedAt: '2026-01-02T03:04:05.000Z',
  machine: {
    cpu: 'a CPU',
    cores: 2,
    memoryGiB: 4,
    system: 'Linux',
    node: 'v20',
    fileSystem: 'ext4',
    loadAtStart: 0.5,
  },
  quick: true,
  rounds: 2,
  workloads: [RESULT],
  curves: curvesOf([RESULT]),
  loadAtEnd: 1.5,
};

describe('charts', () => {
  it('draws bars, ratios and growth as SVG that needs nothing beside it, and is the same each time', () => {
    const draw = (): readonly { readonly file: string; readonly svg: string }[] =>
      chartsOf([RESULT], curvesOf([RESULT]));
    const charts = draw();
    expect(charts.map(({ file }) => file)).toEqual([
      'coordination-bars.svg',
      'coordination-ratios.svg',
      'coordination-members.svg',
    ]);
    expect(draw()).toEqual(charts);
    for (const { svg } of charts) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href=/);
    }
    expect(charts[2]?.svg).toContain('holdfast: linear, k = 1.00 at the end');
  });

  it('marks powers of ten where there are many, and steps between where there are few', () => {
    expect(logAxis([1, 1_000]).ticks).toEqual([1, 10, 100, 1_000]);
    expect(logAxis([0.9, 2.1]).ticks).toEqual([1, 2]);
    expect(logAxis([0, Number.NaN]).domain[1]).toBeGreaterThan(1);
  });
});

describe('curvesOf', () => {
  it('finds sizes, lines and what they are held against', () => {
    const [curve] = curvesOf([RESULT]);
    expect(curve?.series.map(({ name, points }) => [name, points.length])).toEqual([
      ['holdfast', 4],
      ['one EVALSHA, undecoded', 4],
    ]);
    expect(curve?.series[0]?.growth).toMatchObject({ shape: 'linear', worseThanLinear: false });
  });

  it('takes a rate for what one size takes', () => {
    const measurements = [1, 10, 100].map((n): Measurement => {
      const spread = { median: 500, least: 400, most: 1_000 };
      return { id: `strategy.result-${n}.rate`, what: 'x', unit: 'rows/s', value: 500, spread };
    });
    const [curve] = curvesOf([{ workload: 'strategy', measurements, notes: [] }]);
    expect(curve?.unit).toBe('ms');
    expect(curve?.series[0]?.points[2]).toEqual({ n: 100, cost: 200, least: 100, most: 250 });
  });
});

describe('the report', () => {
  it('replaces what is marked, and refuses a block that nobody fills', () => {
    const text = 'a\n<!-- bench x -->\nold\n<!-- bench end -->\nb\n';
    expect(replaceBlocks(text, () => 'new')).toBe('a\n<!-- bench x -->\n\nnew\n\n<!-- bench end -->\nb\n');
    expect(() => replaceBlocks(text, () => undefined)).toThrow('"bench x"');
  });

  it('fills a document from saved results, draws the charts, and names what is missed and not explained', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-report-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [json, document] = [join(folder, 'r.json'), join(folder, 'performance.md')];
    await writeFile(json, JSON.stringify(REPORT));
    const blocks = ['run', 'bars', 'curves', 'coordination', 'stack'];
    await writeFile(
      document,
      blocks.map((name) => `<!-- bench ${name} -->\n<!-- bench end -->\n`).join('\n'),
    );
    const printed: string[] = [];
    await runReport({
      files: [json],
      document,
      charts: join(folder, 'charts'),
      print: (text) => printed.push(text),
    });
    const text = await readFile(document, 'utf8');
    expect(await readdir(join(folder, 'charts'))).toHaveLength(3);
    for (const part of [
      'a CPU',
      'quick run',
      '1 of 2 bars met',
      '**missed**',
      'not measured',
      'charts/coordination-bars.svg',
    ])
      expect(text).toContain(part);
    expect(text).toContain('a &lt; b & c \\| d');
    expect(printed.join('\n')).toContain('not explained there: coordination.members-100.holdfast');
    await expect(runReport({ files: [document], document, charts: folder, print: () => {} })).rejects.toThrow(
      'cannot be read as results',
    );
  });
});
