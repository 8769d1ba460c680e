import { expect, test } from 'vitest';
import type { ChaosEvent } from '../src/chaos/history/event.js';
import type { History } from '../src/chaos/history/history.js';
import { judge } from '../src/chaos/judges/judge.js';
import { actingTerms } from '../src/chaos/judges/terms/acting.js';
import { faultSpans } from '../src/chaos/report/fault-spans.js';
import { boxOf } from '../src/chaos/report/label.js';
import { leaderless } from '../src/chaos/report/leaderless.js';
import { madeUp } from '../src/chaos/report/made-up.js';
import { renderReport } from '../src/chaos/report/report.js';
import { GUTTER, WIDTH } from '../src/chaos/report/scale.js';
import { summaryOf } from '../src/chaos/report/summary.js';
import { timelineOf } from '../src/chaos/report/timeline.js';

const MINUTE = madeUp({ seconds: 60, seed: 7 });
const LONG = madeUp({ seconds: 300, seed: 8 });

const page = (history: History): string => renderReport(history, judge(history));
const withEvents = (history: History, ...more: readonly ChaosEvent[]): History => ({
  ...history,
  events: [...history.events, ...more].toSorted((a, b) => a.at - b.at),
});

/** Elements that have no end. */
const VOID = ['meta', '!doctype'];

/** What is wrong, in words, with how the elements of a page are nested. */
function nesting(html: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, slash, name = ''] of html.matchAll(/<(\/?)([a-z!][a-z0-9]*)(?:[^"<>]|"[^"<>]*")*>/gi)) {
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) wrong.push(`${tag} closes ${last}`);
    } else if (!tag.endsWith('/>') && !VOID.includes(name)) open.push(name);
  }
  const rest = html.replace(/<(\/?)([a-z!][a-z0-9]*)(?:[^"<>]|"[^"<>]*")*>/gi, '');
  return [
    ...wrong,
    ...open.map((name) => `${name} is open`),
    ...(/[<>]/.test(rest) ? ['a stray < or >'] : []),
  ];
}

test('a page is well-formed and needs nothing else', () => {
  for (const history of [MINUTE, LONG]) {
    const html = page(history);
    expect(nesting(html)).toEqual([]);
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|https?:|@import/i);
    expect(html).not.toMatch(/undefined|NaN|Infinity|\[object/);
  }
  expect(nesting('<p><b></p>')).toEqual(['</p> closes b', 'p is open']);
  expect(nesting('<p>a < b</p>')).toEqual(['a stray < or >']);
});

test('it says at once whether the run was good, and how to repeat it', () => {
  const good = page(MINUTE);
  expect(good).toContain('green: all 14 verdicts hold');
  expect(good).toContain('pnpm chaos --seconds 60 --seed 7 --coordination sqlite');
  const bad = page({
    ...MINUTE,
    mutation: 'fence',
    facts: { ...MINUTE.facts, leaked: ['x'], convergedMs: null },
  });
  expect(bad).toContain('red: 2 of 14 verdicts do not hold');
  expect(bad).toContain('the rule &quot;fence&quot; taken out on purpose');
});

test('each verdict with its examples is in it, and so is each fault and each term', () => {
  const history = { ...LONG, facts: { ...LONG.facts, leaked: ['worker-9 (pid 77)'] } };
  const html = page(history);
  for (const { name, figure } of judge(history))
    expect(html).toContain(`<th scope="row">${name}</th><td>${figure}</td>`);
  expect(html).toContain('<li>worker-9 (pid 77)</li>');
  const spans = faultSpans(history);
  expect(spans.length).toBeGreaterThan(100);
  for (const { n, fault, target, from } of spans) {
    expect(html).toContain(
      `<td>${n}</td><td>${fault}</td><td>${target}</td><td>${(from / 1_000).toFixed(3)} s</td>`,
    );
    expect(html).toContain(`<title>${n}: ${fault} of ${target}, `);
  }
  const acting = actingTerms(history);
  acting.forEach(({ term }, n) => {
    expect(html).toContain(`<td>${n + 1}</td><td>${term}</td>`);
    expect(html).toContain(`<title>term ${n + 1}: ${term}, `);
  });
  for (const kind of ['stop', 'kill', 'leaderless', 'phase announced blue', 'phase drain green', 'back'])
    expect(html).toContain(`class="${kind}"`);
});

test('whatever comes from the run is escaped', () => {
  const evil = '<script>alert("1")</script>&\'\u0000';
  const history = withEvents(
    { ...MINUTE, facts: { ...MINUTE.facts, leaked: [evil], executions: { [`/* ${evil} */`]: 2 } } },
    { type: 'query', at: 1, tag: evil, outcome: 'failed', rows: 0, tookMs: 1, error: evil },
    { type: 'wanted', at: 2, change: 'want', ids: [evil], outcome: 'failed', tookMs: 1, error: evil },
    { type: 'trouble', at: 3, source: evil, text: evil },
    { type: 'fault', at: 4, n: 900, fault: 'node-cut', target: evil, phase: 'begin', detail: evil },
    { type: 'worker', at: 5, worker: evil, id: evil, pid: 1, what: 'started' },
    { type: 'term', at: 6, id: evil, term: '1', phase: 'begin' },
  );
  const html = page(history);
  expect(nesting(html)).toEqual([]);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('\u0000');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
});

test('no label overlaps another or leaves the picture, and no lane overlaps the next', () => {
  const many = madeUp({ seconds: 600, seed: 9 });
  const short = madeUp({ seconds: 5, seed: 10 });
  for (const history of [short, MINUTE, LONG, many]) {
    const { lanes, ticks, height } = timelineOf(history, actingTerms(history));
    const boxes = [
      ...ticks.map((label) => ({ text: label.text, ...boxOf(label) })),
      ...lanes.flatMap(({ top, labels }) =>
        labels
          .map((label) => boxOf({ ...label, y: label.y + top }))
          .map((box, n) => ({ text: labels[n]?.text, ...box })),
      ),
    ];
    const over = boxes.filter((a, n) =>
      boxes.some(
        (b, m) => m > n && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
      ),
    );
    expect(over).toEqual([]);
    expect(boxes.filter(({ left, right, bottom }) => left < 0 || right > WIDTH || bottom > height)).toEqual(
      [],
    );
    lanes.forEach(({ top, height: own }, n) => {
      expect(top + own).toBeLessThan(lanes[n + 1]?.top ?? height);
    });
  }
});

test('a label is left out where its bar is too short for it', () => {
  const labelsOf = (history: History): readonly string[] =>
    timelineOf(history, actingTerms(history)).lanes.flatMap(({ labels }) =>
      labels.filter(({ kind }) => kind === 'bar').map(({ text }) => text),
    );
  const [minute, long] = [labelsOf(MINUTE), labelsOf(madeUp({ seconds: 600, seed: 7 }))];
  expect(minute.filter((text) => /^\d+: \d{16}$/.test(text)).length).toBeGreaterThan(0);
  expect(long.filter((text) => /^\d+: \d{16}$/.test(text))).toEqual([]);
  expect(long.filter((text) => text.startsWith('node0'))).toEqual([]);
});

test('faults of a kind that are at work at once are told apart', () => {
  const at = { type: 'fault', fault: 'node-cut', phase: 'begin' } as const;
  const history: History = {
    ...MINUTE,
    events: [
      { ...at, n: 1, at: 1_000, target: 'node01' },
      { ...at, n: 2, at: 2_000, target: 'node02' },
      { ...at, n: 1, at: 30_000, target: 'node01', phase: 'end' },
      { ...at, n: 3, at: 40_000, target: 'node01' },
    ],
  };
  const lane = timelineOf(history, []).lanes.at(-1);
  const places = (lane?.shapes ?? []).map((shape) => /y="(\d+)"/.exec(shape.toString())?.[1]);
  expect(new Set(places)).toEqual(new Set(['0', '16']));
  expect(places).toEqual(['0', '16', '0']);
});

test('a history of nothing can be drawn too', () => {
  const html = page({ ...MINUTE, events: [], facts: { ...MINUTE.facts, writes: [], executions: {} } });
  expect(nesting(html)).toEqual([]);
  expect(html).not.toMatch(/undefined|NaN|Infinity/);
});

test('the times without a leader are what the terms leave', () => {
  const events: ChaosEvent[] = [
    { type: 'term', at: 1_000, id: 'a', term: '1', phase: 'begin' },
    { type: 'term', at: 4_000, id: 'a', term: '1', phase: 'end' },
    { type: 'term', at: 6_500, id: 'b', term: '2', phase: 'begin' },
    { type: 'term', at: 58_000, id: 'b', term: '2', phase: 'end' },
    { type: 'stage', at: 59_000, stage: 'quiet' },
  ];
  const history: History = { ...MINUTE, events };
  const acting = actingTerms(history);
  expect(leaderless(history, acting)).toEqual([
    { from: 0, to: 1_000 },
    { from: 4_000, to: 6_500 },
    { from: 58_000, to: 59_000 },
  ]);
  const within: ChaosEvent[] = [
    { type: 'term', at: 2_000, id: 'c', term: '3', phase: 'begin' },
    { type: 'term', at: 3_000, id: 'c', term: '3', phase: 'end' },
  ];
  const overlapping = withEvents(history, ...within);
  expect(leaderless(overlapping, actingTerms(overlapping))).toHaveLength(3);
  expect(leaderless(overlapping, actingTerms(overlapping))[1]).toEqual({ from: 4_000, to: 6_500 });
  const figures = new Map(summaryOf(history, acting).map(({ name, value }) => [name, value]));
  expect(figures.get('without a leader, sum')).toBe('4.5 s');
  expect(figures.get('without a leader, longest')).toBe('2.5 s');
});

test('what should not have happened has a mark, and a switch that was called back one of its own', () => {
  const history = withEvents(
    { ...MINUTE, events: MINUTE.events.filter(({ type }) => type !== 'colour') },
    { type: 'query', at: 1_000, tag: 'x', outcome: 'wrong', rows: 0, tookMs: 1 },
    { type: 'wanted', at: 2_000, change: 'want', ids: ['a'], outcome: 'unknown', tookMs: 1 },
    { type: 'trouble', at: 3_000, source: 'worker-1', text: 'boom' },
    { type: 'colour', at: 4_000, active: 'blue', phase: 'announced', next: 'green' },
    { type: 'colour', at: 5_000, active: 'green', phase: 'drain', next: 'green' },
    { type: 'colour', at: 6_000, active: 'green', phase: 'announced', next: 'blue' },
    { type: 'colour', at: 7_000, active: 'blue', phase: 'steady', next: null },
  );
  const marks = page(history).matchAll(/<path class="(failure|back)"[^>]*><title>([^<]*)<\/title>/g);
  expect([...marks].map(([, kind, title]) => `${kind} ${title}`)).toEqual([
    'failure 3.000 s: worker-1: boom',
    'back called back to blue at 6.000 s',
    'failure 1.000 s: query x wrong',
    'failure 2.000 s: want, unknown',
  ]);
  expect(page(MINUTE)).not.toContain('class="failure"');
});

test('the picture begins shortly before the load does, however long the stack took to start', () => {
  const LATE_MS = 11_300;
  const events = MINUTE.events.map((event) => ({ ...event, at: event.at + LATE_MS }));
  const writes = MINUTE.facts.writes.map((write) => ({ ...write, at: write.at + LATE_MS }));
  const history: History = { ...MINUTE, events, facts: { ...MINUTE.facts, writes } };
  const acting = actingTerms(history);
  const { ticks, scale } = timelineOf(history, acting);
  expect(scale.from).toBe(9_000);
  expect(ticks.map(({ text }) => text)).toContain('10 s');
  expect(Math.min(...ticks.map(({ x }) => x))).toBeGreaterThan(GUTTER);
  expect(leaderless(history, acting)[0]).toEqual({ from: LATE_MS, to: LATE_MS + 700 });
});

test('the numbers of a run', () => {
  const took = [5, 1, 2, 3, 4, 100];
  const queries = took.map(
    (tookMs, n): ChaosEvent => ({ type: 'query', at: n, tag: `q${n}`, outcome: 'ok', rows: 1, tookMs }),
  );
  const figures = (events: readonly ChaosEvent[]): Map<string, string> =>
    new Map(summaryOf({ ...MINUTE, events }, []).map(({ name, value }) => [name, value]));
  expect(figures(queries).get('of a query, p50 / p99')).toBe('3 / 100 ms');
  expect(figures([]).get('of a query, p50 / p99')).toBe('– / – ms');
  const all = new Map(summaryOf(MINUTE, actingTerms(MINUTE)).map(({ name, value }) => [name, value]));
  expect(all.get('kills, of a leader / all')).toBe('3 / 3');
  expect(all.get('stops')).toBe('3');
  expect(all.get('terms')).toBe('9');
});

test('the lanes keep clear of the names at the left', () => {
  const { lanes } = timelineOf(LONG, actingTerms(LONG));
  const lefts = lanes.flatMap(({ shapes }) =>
    shapes.flatMap((shape) =>
      [...shape.toString().matchAll(/<rect[^>]* x="([\d.-]+)"/g)].map(([, x]) => Number(x)),
    ),
  );
  expect(lefts.length).toBeGreaterThan(300);
  expect(Math.min(...lefts)).toBeGreaterThanOrEqual(GUTTER);
});
