import { fileURLToPath } from 'node:url';
import { pause } from '../../../harness/clock.js';
import { bar, type Measurement } from '../../../harness/results.js';
import { spread } from '../../../harness/stats.js';
import { Worker } from '../../../harness/worker.js';
import type { Part, StrategyBench } from '../part.js';
import { type Announcement, type Around, lookAround, usualFirstNewMs } from './around.js';
import type { LoadReport, SwitchingWorker } from './protocol.js';

export interface SwitchingSize {
  /** Rows of each query. */
  readonly rows: number;
  readonly callers: number;
  readonly switches: number;
  /** Load before the first switch, between them and after the last, ms. */
  readonly steadyMs: number;
}

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
/** Both deployments serve for so long. */
const ANNOUNCE_MS = 200;
/** Longer than any query: no deployment ends before its queries. */
const DRAIN_MS = 60_000;
/** One on each deployment that a switch goes to. */
const MOST_AUTHENTICATIONS = 1;

/** Queries under way all the time while the engine switches back and forth. */
export async function benchSwitching(context: StrategyBench, sizes: readonly SwitchingSize[]): Promise<Part> {
  const { from, signal } = context;
  await using worker = await Worker.start<SwitchingWorker>({ script: SCRIPT, from, signal });
  const parts: Part[] = [];
  for (const size of sizes) parts.push(await benchSize(context, worker, size));
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [
      `switches: announced for ${ANNOUNCE_MS} ms, then drained until the last query of the old colour has ended; "around" is half a second before and after the announcement, counting queries where they end`,
      ...parts.flatMap(({ notes }) => notes),
    ],
  };
}

async function benchSize(
  { engine, say, signal }: StrategyBench,
  worker: Worker<SwitchingWorker>,
  { rows, callers, switches, steadyMs }: SwitchingSize,
): Promise<Part> {
  say(`strategy: ${switches} switches under ${callers} callers with queries of ${rows} rows`);
  const before = await engine.idle();
  const loading = worker.call('load', { port: engine.port, callers, rows });
  const announcements: Announcement[] = [];
  try {
    // All callers are at work, with a session.
    await engine.countsWhen((now) => now.executions >= before.executions + callers);
    await pause(steadyMs, signal);
    for (let n = 0; n < switches; n += 1) {
      const at = await engine.switch({ announceMs: ANNOUNCE_MS, drainMs: DRAIN_MS });
      // The engine starts on blue, and every switch before this one has been made.
      announcements.push({ at, toGreen: (before.switches + n) % 2 === 0 });
      await engine.countsWhen((now) => now.switches > before.switches + n);
      await pause(steadyMs, signal);
    }
  } finally {
    await worker.call('stop', null);
  }
  const load = await loading;
  const after = await engine.idle();
  // The one of the first call of all belongs to no switch.
  const authentications = (after.authentications - before.authentications - 1) / switches;
  const doubled = after.executions - before.executions - load.endedAt.length - load.failed;
  return report({ rows, callers, load, announcements, authentications, doubled });
}

interface Found {
  readonly rows: number;
  readonly callers: number;
  readonly load: LoadReport;
  readonly announcements: readonly Announcement[];
  /** Per switch. */
  readonly authentications: number;
  readonly doubled: number;
}

function report(found: Found): Part {
  const { rows, callers, load, announcements } = found;
  const around = lookAround(load, announcements);
  return {
    measurements: lines(found, around),
    notes: [
      `${rows} rows: ${around.queries} queries by ${callers} callers over ${announcements.length} switches; first on the new colour after ${around.firstNewMs.map((ms) => ms.toFixed(1)).join(', ')} ms`,
      ...load.failures.map((failure) => `FAILED: ${failure}`),
    ],
  };
}

function lines(found: Found, around: Around): readonly Measurement[] {
  const { rows, load, authentications, doubled } = found;
  const id = `strategy.switch-${rows}`;
  const what = `switch under load, ${rows} row(s)`;
  const p99Ratio = around.aroundP99Ms / around.steadyP99Ms;
  return [
    {
      id: `${id}.rate`,
      what: `${what}: queries in the second around`,
      unit: 'queries/s',
      value: around.aroundRate,
      floor: { what: 'steady state', value: around.steadyRate },
      ratio: around.aroundRate / around.steadyRate,
    },
    {
      id: `${id}.p99`,
      what: `${what}: p99 in the second around`,
      unit: 'ms',
      value: around.aroundP99Ms,
      floor: { what: 'steady state', value: around.steadyP99Ms },
      // Queries of many rows may all end away from the switches.
      ...(Number.isFinite(p99Ratio) ? { ratio: p99Ratio } : {}),
    },
    {
      id: `${id}.first-new`,
      what: `${what}: first query executed on the new colour after`,
      unit: 'ms',
      value: usualFirstNewMs(around),
      spread: spread(around.firstNewMs),
    },
    barred(`${id}.failed`, `${what}: failed queries`, load.failed, 0),
    barred(`${id}.doubled`, `${what}: executions beyond one per query`, doubled, 0),
    barred(
      `${id}.authentications`,
      `${what}: authentications per switch`,
      authentications,
      MOST_AUTHENTICATIONS,
    ),
  ];
}

function barred(id: string, what: string, value: number, most: number): Measurement {
  return { id, what, unit: '', value, bar: bar('atMost', most, 'value', value) };
}
