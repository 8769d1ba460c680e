import { expect, test } from 'vitest';
import type {
  ChaosEvent,
  Colour,
  ColourEvent,
  FaultEvent,
  TermEvent,
  WorkerEvent,
} from '../src/chaos/history/event.js';
import type { AppliedWrite, Facts, History, Verdict } from '../src/chaos/history/history.js';
import { judge } from '../src/chaos/judges/judge.js';
import { leaderKills } from '../src/chaos/judges/leader-kills.js';
import { switchesIn } from '../src/chaos/judges/switches.js';
import { actingTerms } from '../src/chaos/judges/terms/acting.js';
import { madeUp } from '../src/chaos/report/made-up.js';

const GOOD = madeUp({ seconds: 60, seed: 7 });
const [A] = GOOD.facts.wanted;
const a = A ?? '';

const facts = (changed: Partial<Facts>, of: History = GOOD): History => ({
  ...of,
  facts: { ...of.facts, ...changed },
});
const events = (...more: readonly ChaosEvent[]): History => ({
  ...GOOD,
  events: [...GOOD.events, ...more].toSorted((x, y) => x.at - y.at),
});

function verdict(name: string, history: History): Verdict {
  const found = judge(history).find((one) => one.name === name);
  if (!found) throw new Error(`no judge is called ${name}`);
  return found;
}

/** What speaks against it according to the judge of this name. */
const against = (name: string, history: History): readonly string[] => verdict(name, history).against;

/** A run of nothing but these. */
const bare = (told: readonly ChaosEvent[], writes: readonly AppliedWrite[] = []): History => ({
  ...GOOD,
  leaseMs: 1_000,
  events: told.toSorted((x, y) => x.at - y.at),
  facts: { ...GOOD.facts, writes },
});

const write = (seq: number, fence: string | null, o: Partial<AppliedWrite> = {}): AppliedWrite => ({
  ...{
    seq,
    at: seq * 1_000,
    node: 'n1',
    verb: 'POST',
    groupId: `g-${seq}`,
    fence,
    applied: 'created',
    status: 201,
  },
  ...o,
});
const term = (at: number, id: string, n: number, phase: TermEvent['phase'], detail?: string): TermEvent => ({
  ...{ type: 'term', at, id, term: String(n), phase },
  ...(detail !== undefined && { detail }),
});
const worker = (at: number, id: string, what: WorkerEvent['what']): WorkerEvent => ({
  ...{ type: 'worker', at, worker: id, id, pid: 1, what },
});
const fault = (
  at: number,
  name: FaultEvent['fault'],
  target: string,
  phase: FaultEvent['phase'],
): FaultEvent => ({
  ...{ type: 'fault', n: 1, at, fault: name, target, phase },
});

test('a good run holds before every judge, and no judge is called as another', () => {
  const verdicts = judge(GOOD);
  expect(verdicts.filter(({ holds }) => !holds)).toEqual([]);
  expect(verdicts.flatMap((one) => one.against)).toEqual([]);
  expect(new Set(verdicts.map(({ name }) => name)).size).toBe(14);
});

test('a query that failed or had wrong rows is found, and so is a change that was refused', () => {
  const query = { type: 'query', at: 5_000, tag: 'x', rows: 3, tookMs: 2 } as const;
  const ids = ['g-1'];
  const name = 'failed queries';
  expect(against(name, events({ ...query, outcome: 'failed', error: 'gone' }))).toEqual([
    '5.000 s: query x failed: gone',
  ]);
  expect(against(name, events({ ...query, outcome: 'wrong' }))).toEqual([
    '5.000 s: query x had wrong rows (3)',
  ]);
  const change = { type: 'wanted', at: 1, change: 'want', ids, tookMs: 1 } as const;
  expect(against(name, events({ ...change, outcome: 'failed' }))).toEqual(['0.001 s: want of 1 ids failed']);
  expect(verdict(name, events({ ...change, outcome: 'unknown' })).holds).toBe(true);
});

test('only some examples are told, and the figure counts all', () => {
  const query = { type: 'query', at: 1, tag: 'x', outcome: 'failed', rows: 0, tookMs: 2 } as const;
  const bad = verdict('failed queries', events(...Array.from({ length: 9 }, () => query)));
  expect(bad).toMatchObject({ holds: false, figure: '9', bound: '0' });
  expect(bad.against).toHaveLength(5);
});

test('a tagged statement that was executed twice is found, and one that never was; others may be repeated', () => {
  const name = 'doubled executes';
  const { executions } = GOOD.facts;
  const twice = { ...executions, 'INSERT /* w-1 */ x': 2, 'SELECT group_id FROM t': 50 };
  expect(against(name, facts({ executions: twice }))).toEqual([
    'the statement tagged w-1 was executed 2 times',
  ]);
  // The same query under two texts, as after a new deployment has rewritten it.
  const [first] = Object.keys(executions);
  expect(against(name, facts({ executions: { ...executions, [`${first} `]: 1 } }))).toEqual([
    '0.100 s: query q-1-1 was executed 2 times',
  ]);
  const { [first ?? '']: _, ...rest } = executions;
  expect(against(name, facts({ executions: rest }))).toEqual([
    '0.100 s: query q-1-1 ended well and was never executed',
  ]);
});

test('a change that was acknowledged and is not there is found, unless a later one explains it', () => {
  const name = 'wanted changes lost';
  const change = {
    type: 'wanted',
    at: 59_990,
    change: 'want',
    ids: ['new'],
    outcome: 'done',
    tookMs: 1,
  } as const;
  const lost = ['59.990 s: want new was acknowledged and it is not wanted'];
  expect(against(name, events(change))).toEqual(lost);
  const unwant = { ...change, at: 59_995, change: 'unwant' } as const;
  expect(against(name, events(change, unwant))).toEqual([]);
  expect(against(name, events(change, { ...unwant, outcome: 'unknown' }))).toEqual([]);
  expect(against(name, events(change, { ...unwant, outcome: 'failed' }))).toEqual(lost);
  expect(against(name, events(change, { ...unwant, at: 59_980, outcome: 'unknown' }))).toEqual(lost);
  expect(against(name, events(change, { ...change, at: 59_995, outcome: 'unknown' }))).toEqual(lost);
  expect(against(name, events({ ...unwant, ids: [a] }))).toEqual([
    `59.995 s: unwant ${a} was acknowledged and the id is wanted`,
  ]);
  expect(
    against(name, events({ ...unwant, ids: [a] }, { ...change, at: 59_996, ids: [a], outcome: 'unknown' })),
  ).toEqual([]);
  expect(against(name, events({ ...change, outcome: 'unknown' }))).toEqual([]);
});

test('nodes that differ are found, and so is one that could not be asked', () => {
  const { wanted, nodes } = GOOD.facts;
  const less = { ...nodes, node02: wanted.slice(1) };
  expect(against('divergent ids', facts({ nodes: less }))).toEqual([
    `${a} is missing on node02 and on no other node`,
  ]);
  expect(against('divergent ids', facts({ nodes: { node01: wanted } }))).toEqual([
    'only 1 nodes were listed',
  ]);
  expect(against('wanted ≠ actual', facts({ nodes: less }))).toEqual([`${a} is wanted and not on node02`]);
  expect(against('wanted ≠ actual', facts({ nodes: { ...nodes, node01: [...wanted, 'x'] } }))).toEqual([
    'x is on node01 and not wanted',
  ]);
  expect(against('wanted ≠ actual', facts({ nodes: {} }))).toEqual(['no node was listed']);
  // All nodes alike, and all wrong.
  expect(verdict('divergent ids', facts({ wanted: wanted.slice(1) })).holds).toBe(true);
  expect(verdict('wanted ≠ actual', facts({ wanted: wanted.slice(1) })).figure).toBe('3');
});

test('it must come to rest in time', () => {
  expect(verdict('time to converge', facts({ convergedMs: 60_000 }))).toMatchObject({
    holds: true,
    figure: '60.0 s',
  });
  expect(verdict('time to converge', facts({ convergedMs: 60_001 })).holds).toBe(false);
  expect(verdict('time to converge', facts({ convergedMs: null }))).toMatchObject({
    holds: false,
    figure: 'never',
  });
});

test('open and parked sagas, trouble and leaked processes are found', () => {
  expect(verdict('sagas left open', facts({ openSagas: 1 }))).toMatchObject({ holds: false, figure: '1' });
  expect(against('sagas left open', facts({ openSagas: 2, parkedSagas: 1 }))).toEqual([
    'the journal has 2 unfinished sagas, 1 parked',
  ]);
  const trouble = { type: 'trouble', at: 1_500, source: 'worker-1', text: 'unhandled rejection' } as const;
  expect(against('unhandled rejections and crashes', events(trouble))).toEqual([
    '1.500 s: worker-1: unhandled rejection',
  ]);
  expect(against('leaked processes', facts({ leaked: ['worker-2 (pid 7)'] }))).toEqual(['worker-2 (pid 7)']);
});

test('a write of a lower term after one of a higher is found, by node and in the order of the log', () => {
  const name = 'stale-term writes accepted';
  const found = (...writes: readonly AppliedWrite[]): readonly string[] => against(name, facts({ writes }));
  const [low, high] = ['j:5', 'j:10'];
  expect(found(write(1, high), write(2, low))).toEqual([
    '2.000 s: n1 took POST g-2 of j:5 (created, 201) after 10',
  ]);
  expect(found(write(2, low), write(1, high))).toHaveLength(1);
  expect(found(write(1, low), write(2, low), write(3, high))).toEqual([]);
  // As numbers, and not as texts.
  expect(found(write(1, 'j:9'), write(2, 'j:10'))).toEqual([]);
  expect(found(write(1, high), write(2, low, { node: 'n2' }))).toEqual([]);
  expect(found(write(1, high), write(2, low, { applied: 'none', status: 412 }))).toEqual([]);
  // A refused one raises nothing; one that found nothing to change does, and may not be overtaken either.
  expect(found(write(1, high, { applied: 'none', status: 412 }), write(2, low))).toEqual([]);
  expect(found(write(1, high, { applied: 'none', status: 404 }), write(2, low))).toHaveLength(1);
  expect(found(write(1, high), write(2, low, { applied: 'none', status: 404 }))).toHaveLength(1);
  // One that was wrongly taken does not lower the mark.
  expect(found(write(1, high), write(2, low), write(3, 'j:7'))).toHaveLength(2);
  expect(found(write(1, 'a:b:10'), write(2, 'a:b:5'))).toHaveLength(1);
  expect(found(write(1, 'j:10'), write(2, 'k:5'))).toEqual([]);
});

test('a node that was emptied has forgotten its fences, and begins anew', () => {
  const name = 'stale-term writes accepted';
  const emptied = [fault(1_500, 'node-empty', 'n1', 'begin'), fault(1_600, 'node-empty', 'n1', 'end')];
  const found = (told: readonly ChaosEvent[], ...writes: readonly AppliedWrite[]): readonly string[] =>
    against(name, bare(told, writes));
  expect(found(emptied, write(1, 'j:10'), write(2, 'j:5'))).toEqual([]);
  expect(found(emptied, write(1, 'j:10'), write(2, 'j:5'), write(3, 'j:4'))).toHaveLength(1);
  const other = [fault(1_500, 'node-empty', 'n2', 'begin'), fault(1_600, 'node-empty', 'n2', 'end')];
  expect(found(other, write(1, 'j:10'), write(2, 'j:5'))).toHaveLength(1);
  const restarted = [fault(1_500, 'node-restart', 'n1', 'begin'), fault(1_600, 'node-restart', 'n1', 'end')];
  expect(found(restarted, write(1, 'j:10'), write(2, 'j:5'))).toHaveLength(1);
  // At the moment itself nobody can tell which came first.
  expect(
    found(emptied, write(1, 'j:10', { at: 1_550 }), write(2, 'j:5', { at: 1_560 }), write(3, 'j:4')),
  ).toEqual([]);
});

test('a write without a fence is found, and so is a second journal', () => {
  expect(
    against('writes without a term', facts({ writes: [write(1, null, { applied: 'none', status: 404 })] })),
  ).toEqual(['1.000 s: POST g-1 on n1 had no fence (none, 404)']);
  const two = facts({ writes: [write(1, 'j:10'), write(2, 'k:11'), write(3, 'j:10')] });
  expect(verdict('journals that wrote', two)).toMatchObject({ holds: false, figure: '2' });
  expect(against('journals that wrote', two)).toContain('journal k: first POST g-2 on n1 at 2.000 s');
});

const OVERLAP = 'overlapping terms';

test('terms that the backend tells must rise, and have one leader each', () => {
  const elected = (at: number, id: string, n: number): ChaosEvent => ({
    type: 'elected',
    at,
    id,
    term: String(n),
  });
  const found = (...told: readonly ChaosEvent[]): readonly string[] => against(OVERLAP, bare(told));
  expect(found(elected(1, 'a', 9), elected(2, 'b', 10), elected(3, 'b', 10))).toEqual([]);
  expect(found(elected(1, 'a', 10), elected(2, 'b', 9))).toEqual([
    '0.002 s: b was elected under 9, not above 10',
  ]);
  expect(found(elected(1, 'a', 10), elected(2, 'b', 11), elected(3, 'a', 10))).toHaveLength(1);
  expect(found(elected(1, 'a', 10), elected(2, 'b', 10))).toContain('0.002 s: b has term 10 of a');
  expect(found(elected(1, 'a', 10), term(2, 'b', 10, 'begin'))).toEqual(['0.002 s: b has term 10 of a']);
});

test('two that could act at once are found; a kill, an exit and their own word end a term', () => {
  const found = (...told: readonly ChaosEvent[]): readonly string[] => against(OVERLAP, bare(told));
  const [begin, next] = [term(1_000, 'a', 1, 'begin'), term(5_000, 'b', 2, 'begin')];
  expect(found(begin, next)).toEqual([
    '5.000 s: b (term 2) began while a (term 1) could act, which has not ended',
  ]);
  for (const end of [term(5_000, 'a', 1, 'end'), worker(5_000, 'a', 'killed'), worker(4_000, 'a', 'exited')])
    expect(found(begin, end, next)).toEqual([]);
  for (const end of [term(5_001, 'a', 1, 'end'), worker(5_001, 'a', 'killed')])
    expect(found(begin, end, next)).toEqual([
      '5.000 s: b (term 2) began while a (term 1) could act, until 5.001 s',
    ]);
  expect(found(begin, worker(4_000, 'c', 'killed'), term(4_000, 'a', 3, 'end'), next)).toHaveLength(1);
  // The one before the last may be the one that still acts.
  const short = [term(2_000, 'b', 2, 'begin'), term(2_100, 'b', 2, 'end'), term(3_000, 'c', 3, 'begin')];
  expect(found(begin, ...short)).toHaveLength(2);
});

test('a stop that outlasts the lease ends a term, unless a write shows that it went on', () => {
  const stopped = (to: number): ChaosEvent[] => [
    term(1_000, 'a', 1, 'begin'),
    worker(2_000, 'a', 'stopped'),
    worker(to, 'a', 'continued'),
    term(to + 100, 'a', 1, 'end'),
    term(2_050, 'b', 2, 'begin'),
  ];
  const found = (told: readonly ChaosEvent[], ...writes: readonly AppliedWrite[]): readonly string[] =>
    against(OVERLAP, bare(told, writes));
  expect(found(stopped(4_000))).toEqual([]);
  expect(found(stopped(2_400))).toHaveLength(1);
  const late = write(1, 'j:1', { at: 4_050 });
  expect(found(stopped(4_000), late)).toHaveLength(1);
  expect(found(stopped(4_000), write(1, 'j:1', { at: 3_990 }))).toEqual([]);
  expect(found(stopped(4_000), { ...late, applied: 'none', status: 412 })).toEqual([]);
  expect(found(stopped(4_000), { ...late, fence: 'j:2' })).toEqual([]);
  // The fence of a term that took sagas over is a little above it.
  const far = stopped(4_000).map((event) =>
    event.type === 'term' && event.id === 'b' ? { ...event, term: '9' } : event,
  );
  expect(found(far, { ...late, fence: 'j:3' })).toHaveLength(1);
  // A command beside the leader writes with the leader's fence.
  const command = { type: 'command', at: 4_060, args: ['create', 'x,g-1'], code: 0, tookMs: 9 } as const;
  expect(found([...stopped(4_000), command], late)).toEqual([]);
  // A node that was slow meanwhile may have held it back since before the stop.
  const held = [fault(1_900, 'node-hang', 'n1', 'begin'), fault(4_040, 'node-hang', 'n1', 'end')];
  expect(found([...stopped(4_000), ...held], late)).toEqual([]);
  const before = [fault(1_000, 'node-hang', 'n1', 'begin'), fault(1_900, 'node-hang', 'n1', 'end')];
  expect(found([...stopped(4_000), ...before], late)).toHaveLength(1);
  const afterwards = [fault(4_060, 'node-hang', 'n1', 'begin'), fault(5_000, 'node-hang', 'n1', 'end')];
  expect(found([...stopped(4_000), ...afterwards], late)).toHaveLength(1);
  expect(found([...stopped(4_000), fault(1_900, 'node-hang', 'n2', 'begin')], late)).toHaveLength(1);
});

test('a stop that ends in a kill ends a term at the stop', () => {
  const told = [term(1_000, 'a', 1, 'begin'), worker(2_000, 'a', 'stopped'), worker(9_000, 'a', 'killed')];
  expect(actingTerms(bare(told))).toMatchObject([{ from: 1_000, to: 2_000, ending: 'stopped' }]);
  expect(against(OVERLAP, bare([...told, term(3_000, 'b', 2, 'begin')]))).toEqual([]);
});

test('a term whose worker says late that its lease ran out ends with its last write', () => {
  const lost = 'CoordinationError: the lease on "x" (fencing token 1) has ended: not renewed in time';
  const told = (detail: string): ChaosEvent[] => [
    term(1_000, 'a', 1, 'begin'),
    term(3_200, 'a', 1, 'end', detail),
    term(3_000, 'b', 2, 'begin'),
  ];
  const found = (detail: string, ...writes: readonly AppliedWrite[]): readonly string[] =>
    against(OVERLAP, bare(told(detail), writes));
  const own = (at: number): AppliedWrite => write(9, 'j:1', { at, node: 'n2' });
  const next = (at: number): AppliedWrite => write(1, 'j:2', { at });
  expect(found(lost, own(2_500))).toEqual([]);
  // It was on its way when the next term began, and met nobody; after the next one's first write it does.
  expect(found(lost, own(3_100))).toEqual([]);
  expect(found(lost, own(3_100), next(3_150))).toEqual([]);
  expect(found(lost, own(3_100), next(3_050))).toHaveLength(1);
  const held = [fault(2_900, 'node-stall', 'n2', 'begin'), fault(3_090, 'node-stall', 'n2', 'end')];
  expect(against(OVERLAP, bare([...told(lost), ...held], [next(3_050), own(3_100)]))).toEqual([]);
  expect(found('asked to hand over', own(2_500))).toHaveLength(1);
});

test('a term that was lost to another before its worker was stopped ends with its last write as well', () => {
  const told = (begun: number): ChaosEvent[] => [
    term(1_000, 'a', 1, 'begin'),
    term(begun, 'b', 2, 'begin'),
    worker(3_300, 'a', 'stopped'),
    worker(6_000, 'a', 'continued'),
    term(6_100, 'a', 1, 'end', 'the lease was lost'),
  ];
  const own = (at: number): AppliedWrite => write(9, 'j:1', { at, node: 'n2' });
  const next = write(1, 'j:2', { at: 3_200 });
  expect(against(OVERLAP, bare(told(3_000), [own(3_150), next]))).toEqual([]);
  expect(against(OVERLAP, bare(told(3_000), [next, own(3_250)]))).toHaveLength(1);
  const stopped = { from: 1_000, to: 3_300, ending: 'stopped' };
  expect(actingTerms(bare(told(3_400), [own(3_150)]))).toMatchObject([stopped, {}]);
});

test('a node that takes a lower term of another journal is found too', () => {
  const writes = [write(1, 'j:10'), write(2, 'k:5')];
  expect(against(OVERLAP, bare([], writes))).toEqual(['2.000 s: n1 took a write of k:5 after one of 10']);
});

test('a run in which little happened proves nothing', () => {
  const name = 'something happened';
  const nothing = verdict(name, bare([]));
  expect(nothing).toMatchObject({ holds: false, bound: 'at least 60, 12, 60, 3, 2, 2' });
  expect(nothing.figure).toBe('0 queries, 0 wanted changes, 0 writes, 0 terms, 0 switches, 0 leader kills');
  const without = (fits: (event: ChaosEvent) => boolean): History => ({
    ...GOOD,
    events: GOOD.events.filter((event) => !fits(event)),
  });
  expect(
    against(
      name,
      without(({ type }) => type === 'query'),
    ),
  ).toEqual(['0 queries in 60 s, fewer than 60']);
  expect(
    against(
      name,
      without(({ type }) => type === 'wanted'),
    ),
  ).toEqual(['0 wanted changes in 60 s, fewer than 12']);
  expect(
    against(
      name,
      without(({ type }) => type === 'colour'),
    ),
  ).toEqual(['0 switches in 60 s, fewer than 2']);
  expect(
    against(
      name,
      without(({ type }) => type === 'term'),
    ),
  ).toEqual(['0 terms in 60 s, fewer than 3', '0 leader kills in 60 s, fewer than 2']);
  expect(
    against(
      name,
      without((event) => event.type === 'worker' && event.what === 'killed'),
    ),
  ).toHaveLength(1);
  const inDoubt = GOOD.events.map((event) =>
    event.type === 'wanted' ? { ...event, outcome: 'unknown' as const } : event,
  );
  expect(against(name, { ...GOOD, events: inDoubt })).toEqual(['0 wanted changes in 60 s, fewer than 12']);
  expect(against(name, facts({ writes: [] }))).toEqual(['0 writes in 60 s, fewer than 60']);
});

test('a kill counts as one of a leader only within its term', () => {
  const begin = term(1_000, 'a', 1, 'begin');
  const killed = worker(5_000, 'a', 'killed');
  expect(leaderKills(bare([begin, killed]))).toEqual([killed]);
  expect(leaderKills(bare([begin, term(4_000, 'a', 1, 'end'), killed]))).toEqual([]);
  expect(leaderKills(bare([begin, worker(5_000, 'b', 'killed')]))).toEqual([]);
  expect(leaderKills(bare([begin, worker(5_000, 'a', 'stopped')]))).toEqual([]);
});

test('a switch counts once however many phases it has, called back or seen only by its end', () => {
  const colour = (at: number, active: Colour, phase: string, next: Colour | null): ColourEvent => ({
    ...{ type: 'colour', at, active, phase, next },
  });
  const counted = (...told: readonly ColourEvent[]): readonly number[] =>
    switchesIn(bare(told)).map(({ at }) => at);
  const steady = colour(1, 'blue', 'steady', null);
  const [announced, drain] = [colour(2, 'blue', 'announced', 'green'), colour(3, 'green', 'drain', 'green')];
  expect(counted(steady)).toEqual([]);
  expect(counted(steady, announced, drain, colour(4, 'green', 'steady', null))).toEqual([2]);
  expect(counted(steady, drain, colour(4, 'green', 'steady', null))).toEqual([3]);
  expect(counted(steady, announced, colour(4, 'green', 'announced', 'blue'))).toEqual([2, 4]);
  expect(counted(steady, colour(4, 'green', 'steady', null), colour(5, 'green', 'steady', null))).toEqual([
    4,
  ]);
});
