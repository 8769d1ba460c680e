import type { Step } from '../client/protocol.js';

/** How a client followed one announcement. */
export interface Following {
  /** What is wrong with the order of its steps, in words. */
  readonly faults: readonly string[];
  /** Ms from the answer that announced to the probe's answer, and from there to the first execution there. */
  readonly probeMs: number;
  readonly startMs: number;
  /** Queries that ran on the old deployment at the switch. */
  readonly left: number;
  /** Prepares that were sent to the old deployment between the announcing answer and the probe's. */
  readonly stragglers: number;
}

/**
 * How a client followed each announcement, by nothing but the order of its steps. The announcing answer, the probe, its
 * answer, the move and the first query there must follow each other without anything else being waited for: between those
 * that should be one turn of the client no other answer may come. After the move nothing is prepared on the old
 * deployment, although queries go on there.
 */
export function followings(steps: readonly Step[]): Following[] {
  const moves = steps.flatMap(({ what }, at) => (what === 'switched' ? [at] : []));
  return moves.map((move, n) => {
    // Before the first move is the start, and after the last one the end.
    const from = n === 0 ? 0 : (moves[n - 1] ?? 0);
    return follow(steps.slice(from, moves[n + 1] ?? steps.length), move - from);
  });
}

function follow(steps: readonly Step[], move: number): Following {
  const to = steps[move]?.strategy ?? '';
  const faults: string[] = [];
  const find = (name: string, from: number, fits: (step: Step) => boolean): number => {
    const at = steps.findIndex((step, index) => index >= from && fits(step));
    if (at < 0) faults.push(`${to}: ${name} is missing`);
    return at;
  };
  const sent = (rpc: string, strategy: string) => (step: Step) =>
    step.what === 'start' && step.rpc.startsWith(rpc) && step.strategy === strategy;
  const heard = find('the announcement', 0, ({ what, word }) => what === 'end' && word === to);
  const probe = find('the probe', heard, sent('authenticate', to));
  const proved = find('its answer', probe, (step) => step.what === 'end' && step.rpc === 'authenticate');
  const prepare = find('a query there', move, sent('prepareStatement', to));
  const execute = find('its execution', prepare, sent('executeStatement', to));
  const waited = (name: string, first: number, last: number): void => {
    const answers = steps.slice(first + 1, last).filter(({ what }) => what === 'end' || what === 'failed');
    if (answers.length > 0) faults.push(`${to}: ${answers.length} other answers ${name}`);
  };
  waited('between the announcement and the probe', heard, probe);
  waited("between the probe's answer and the move", proved, move);
  const isOld = (step: Step): boolean =>
    step.what === 'start' && step.rpc.startsWith('prepareStatement') && step.strategy !== to;
  const late = steps.slice(move).filter(isOld).length;
  if (late > 0) faults.push(`${to}: ${late} queries were prepared on the old deployment after the move`);
  const at = (index: number): number => steps[index]?.at ?? Number.NaN;
  return {
    faults,
    probeMs: at(proved) - at(heard),
    startMs: at(execute) - at(proved),
    left: steps[move]?.left ?? 0,
    stragglers: steps.slice(heard, proved).filter(isOld).length,
  };
}

/** Ms of each call of this name from its start to its answer; answers are taken to come in the order of the calls. */
export function roundTrips(steps: readonly Step[], rpc: string): number[] {
  const open: number[] = [];
  return steps.flatMap((step) => {
    if (!step.rpc.startsWith(rpc)) return [];
    if (step.what === 'start') open.push(step.at);
    const from = step.what === 'start' ? undefined : open.shift();
    return from === undefined ? [] : [step.at - from];
  });
}
