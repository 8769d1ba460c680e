import { type Random, seededRandom } from '../../seeded-random.js';
import { type ChaosEvent, type Colour, FAULTS, type FaultName } from '../history/event.js';
import type { AppliedWrite, History } from '../history/history.js';

const LEASE_MS = 1_500;
const NODES = ['node01', 'node02', 'node03'];
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];
const HEAL_MS = 4_000;

/** What a made-up run grows in. */
interface Growing {
  readonly random: Random;
  readonly endMs: number;
  readonly events: ChaosEvent[];
  readonly writes: AppliedWrite[];
  readonly executions: Record<string, number>;
  readonly wanted: Set<string>;
  readonly processes: Map<string, number>;
}

/** A run that never was, in which all went well: for the tests of judges and report, which plant in it what they look for. */
export function madeUp({ seconds, seed }: { readonly seconds: number; readonly seed: number }): History {
  const endMs = seconds * 1_000;
  const run: Growing = {
    random: seededRandom(seed),
    endMs,
    events: [
      { type: 'stage', at: 0, stage: 'chaos' },
      { type: 'stage', at: endMs, stage: 'healed' },
      { type: 'stage', at: endMs + HEAL_MS, stage: 'quiet' },
      { type: 'stage', at: endMs + HEAL_MS + 300, stage: 'judged' },
    ],
    writes: [],
    executions: {},
    wanted: new Set(),
    processes: new Map(),
  };
  for (const worker of WORKERS) start(run, worker, 0);
  lead(run);
  load(run);
  strike(run);
  colours(run);
  const ids = [...run.wanted];
  return {
    seed,
    seconds,
    coordination: 'sqlite',
    mutation: null,
    began: Date.UTC(2026, 0, 1),
    leaseMs: LEASE_MS,
    events: run.events.toSorted((a, b) => a.at - b.at),
    facts: {
      wanted: ids,
      nodes: Object.fromEntries(NODES.map((node) => [node, ids])),
      openSagas: 0,
      parkedSagas: 0,
      convergedMs: 1_800,
      executions: run.executions,
      writes: run.writes,
      leaked: [],
    },
  };
}

const within = ({ random }: Growing, least: number, most: number): number =>
  Math.floor(least + random() * (most - least));

function nameOf({ processes }: Growing, worker: string): { id: string; pid: number } {
  const count = processes.get(worker) ?? 1;
  return { id: `${worker}-${count}`, pid: 1_000 + count };
}

function start(run: Growing, worker: string, at: number): void {
  run.processes.set(worker, (run.processes.get(worker) ?? 0) + 1);
  run.events.push({ type: 'worker', at, worker, ...nameOf(run, worker), what: 'started' });
  run.events.push({ type: 'worker', at: at + 300, worker, ...nameOf(run, worker), what: 'joined' });
}

/** One term after the other: each is killed, stopped for longer than its lease, or steps down. */
function lead(run: Growing): void {
  for (let at = 700, n = 0; at < run.endMs + HEAL_MS; n++) {
    const worker = WORKERS[n % WORKERS.length] ?? '';
    const { id } = nameOf(run, worker);
    const term = String(1_767_225_600_000_000n + BigInt(at) * 1_000n);
    const to = at > run.endMs ? run.endMs + HEAL_MS + 400 : at + within(run, 2_500, 9_000);
    run.events.push(
      { type: 'elected', at: at + 4, id, term },
      { type: 'term', at, id, term, phase: 'begin' },
    );
    work(run, { id, term, from: at + 200, to: to - 50 });
    at = end(run, { worker, id, term, to, how: to > run.endMs ? 2 : n % 3 });
  }
}

interface Ending {
  readonly worker: string;
  readonly id: string;
  readonly term: string;
  readonly to: number;
  readonly how: number;
}

/** When the next one may begin. */
function end(run: Growing, { worker, id, term, to, how }: Ending): number {
  const about = { type: 'worker', worker, ...nameOf(run, worker) } as const;
  const over = { type: 'term', id, term, phase: 'end' } as const;
  if (how === 0) {
    run.events.push({ ...about, at: to, what: 'killed' });
    start(run, worker, to + 900);
    return to + LEASE_MS;
  }
  if (how === 1) {
    const back = to + LEASE_MS + 1_000;
    run.events.push({ ...about, at: to, what: 'stopped' }, { ...about, at: back, what: 'continued' });
    run.events.push({ ...over, at: back + 5, detail: 'the lease on "g" has ended' });
    return to + LEASE_MS;
  }
  run.events.push({ ...over, at: to });
  return to + 120;
}

function work(run: Growing, o: { id: string; term: string; from: number; to: number }): void {
  for (let at = o.from; at < o.to; at += 400) {
    const verb = run.random() < 0.6 ? 'POST' : 'DELETE';
    const applied = verb === 'POST' ? 'created' : 'deleted';
    const status = verb === 'POST' ? 201 : 200;
    const groupId = `g-${within(run, 0, 400)}`;
    for (const node of NODES) {
      const seq = run.writes.length + 1;
      run.writes.push({ seq, at, node, verb, groupId, fence: `journal:${o.term}`, applied, status });
    }
    const [created, deleted] = verb === 'POST' ? [1, 0] : [0, 1];
    run.events.push({ type: 'run', at: at + 20, id: o.id, term: o.term, created, deleted, repaired: 0 });
  }
}

function load(run: Growing): void {
  for (let at = 100, n = 1; at < run.endMs; at += within(run, 20, 160), n++) {
    const tag = `q-1-${n}`;
    const tookMs = within(run, 3, 220);
    run.events.push({ type: 'query', at, tag, outcome: 'ok', rows: 40, tookMs });
    run.executions[`SELECT /* ${tag} */ n FROM numbers`] = 1;
  }
  for (let at = 150; at < run.endMs; at += within(run, 150, 400)) {
    const change = run.random() < 0.5 ? 'want' : 'unwant';
    const ids = Array.from({ length: within(run, 3, 15) }, () => `g-${within(run, 0, 400)}`);
    for (const id of ids) run.wanted[change === 'want' ? 'add' : 'delete'](id);
    run.events.push({ type: 'wanted', at, change, ids, outcome: 'done', tookMs: within(run, 3, 40) });
  }
}

function strike(run: Growing): void {
  let n = 0;
  for (let at = 1_000; at < run.endMs * 0.95; at += within(run, 400, 2_600)) {
    const fault: FaultName = FAULTS[n % FAULTS.length] ?? 'switch';
    const target = targetOf(fault, n);
    const length = fault === 'switch' || fault === 'node-empty' ? 0 : within(run, 300, 3_000);
    const told = { type: 'fault', n: ++n, fault, target } as const;
    run.events.push({ ...told, at, phase: 'begin', detail: `for ${length} ms` });
    run.events.push({ ...told, at: Math.min(at + length, run.endMs), phase: 'end' });
  }
}

function targetOf(fault: FaultName, n: number): string {
  if (fault.startsWith('node-')) return NODES[n % NODES.length] ?? '';
  if (fault.endsWith('-worker')) return WORKERS[n % WORKERS.length] ?? '';
  return fault.endsWith('-restart') ? fault.slice(0, -'-restart'.length) : 'engine';
}

function colours(run: Growing): void {
  let active: Colour = 'blue';
  run.events.push({ type: 'colour', at: 0, active, phase: 'steady', next: null });
  for (let at = 3_000; at < run.endMs - 4_000; at += within(run, 4_500, 9_000)) {
    const next: Colour = active === 'blue' ? 'green' : 'blue';
    run.events.push({ type: 'colour', at, active, phase: 'announced', next });
    if (run.random() < 0.3) {
      // Called back: the colour that was announced is left again.
      run.events.push({ type: 'colour', at: at + 600, active: next, phase: 'announced', next: active });
      run.events.push({ type: 'colour', at: at + 1_500, active, phase: 'drain', next: active });
      run.events.push({ type: 'colour', at: at + 2_100, active, phase: 'steady', next: null });
      continue;
    }
    run.events.push({ type: 'colour', at: at + 900, active: next, phase: 'drain', next });
    active = next;
    run.events.push({ type: 'colour', at: at + 2_400, active, phase: 'steady', next: null });
  }
}
