import { bar, type Measurement } from '../../../harness/results.js';
import { type Round, series } from '../../../harness/rounds.js';
import { alone, versus } from '../../../harness/versus.js';
import type { Part } from '../part.js';
import { CREATORS, type CreatorName } from './contenders/contender.js';
import type { Judged } from './judge-slice.js';
import { isFaulty, type MatrixPoint, pointId, pointName } from './point.js';

export const CREATOR_NAMES: Readonly<Record<CreatorName, string>> = {
  floor: 'floor',
  holdfast: 'holdfast',
  'p-retry': 'p-retry',
  origin: "the origin's way",
};

const FLOOR = 'requests in parallel + fdatasync';

type Rounds = readonly Round<Judged>[];

/** The lines of one point: speed of all; where something can fail, also what came of it. */
export function measurePoint(point: MatrixPoint, rounds: Rounds): Part {
  const measurements = CREATORS.flatMap((creator) => [
    ...speed(point, creator, rounds),
    ...(isFaulty(point) ? [successLine(point, creator, rounds)] : []),
    ...wrongs(point, creator, rounds),
  ]);
  return { measurements, notes: isFaulty(point) ? [] : doubts(point, rounds) };
}

function speed(point: MatrixPoint, of: CreatorName, rounds: Rounds): Measurement[] {
  const line = (part: string, what: string, unit: string, figure: (one: Judged) => number): Measurement => {
    const own = { id: id(point, of, part), what: `${whose(point, of)}: ${what}`, unit, rounds, of, figure };
    // Where the floor's creates fail it is quick, and no floor.
    return of === 'floor' || isFaulty(point) ? alone(own) : versus({ ...own, to: 'floor', toWhat: FLOOR });
  };
  return [
    line('rate', 'creates', 'creates/s', (one) => one.perSecond),
    line('p50', 'p50', 'ms', (one) => one.p50Ms),
    line('p99', 'p99', 'ms', (one) => one.p99Ms),
    line('cpu', 'CPU of the process per create', 'µs', (one) => one.cpuUsPerCreate),
  ];
}

function successLine(point: MatrixPoint, of: CreatorName, rounds: Rounds): Measurement {
  const created = sum(rounds, of, (one) => one.success * one.creates);
  return {
    id: id(point, of, 'success'),
    what: `${whose(point, of)}: told that it is created`,
    unit: '%',
    value: (created / sum(rounds, of, (one) => one.creates)) * 100,
  };
}

/** Shares of all creates; of ours there must be none. */
function wrongs(point: MatrixPoint, of: CreatorName, rounds: Rounds): Measurement[] {
  if (!isFaulty(point) && of !== 'holdfast') return [];
  const creates = sum(rounds, of, (one) => one.creates);
  const line = (part: string, what: string, figure: (one: Judged) => number): Measurement => {
    const value = (sum(rounds, of, figure) / creates) * 100;
    return {
      id: id(point, of, part),
      what: `${whose(point, of)}: ${what}`,
      unit: '%',
      value,
      ...(of === 'holdfast' ? { bar: bar('atMost', 0, 'value', value) } : {}),
    };
  };
  return [
    line('divergent', 'ids on some nodes but not on all', (one) => one.divergent),
    line('untrue', 'told the contrary of what the nodes hold', (one) => one.untrue),
  ];
}

/** Without faults everybody creates, on all nodes. */
function doubts(point: MatrixPoint, rounds: Rounds): string[] {
  return CREATORS.flatMap((of) => {
    const failed = sum(rounds, of, (one) => one.creates * (1 - one.success) + one.divergent);
    return failed > 0
      ? [`DOUBTFUL: ${whose(point, of)}: ${failed} creates failed or are not everywhere`]
      : [];
  });
}

function sum(rounds: Rounds, of: CreatorName, figure: (one: Judged) => number): number {
  return series(rounds, of, figure).reduce((total, one) => total + one, 0);
}

const id = (point: MatrixPoint, of: CreatorName, part: string): string =>
  `reliable.${pointId(point)}.${of}.${part}`;
const whose = (point: MatrixPoint, of: CreatorName): string => `${pointName(point)}: ${CREATOR_NAMES[of]}`;
