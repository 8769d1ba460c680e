import { bar, type Measurement } from '../../../harness/results.js';
import { type Round, series } from '../../../harness/rounds.js';
import { median } from '../../../harness/stats.js';
import { versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import type { Part, RedisBench } from '../part.js';
import type { GroupsWorker, SeriesReport, TimesOrder } from './protocol.js';
import { callMs, cpuUs, withPython } from './series.js';

export interface MembersSize extends TimesOrder {
  readonly members: number;
  /** Readings by tooz in a round; 0: it does not take part. */
  readonly toozReads: number;
}

/** The bar on one reading holds for this many members. */
const JUDGED = 100;
const MOST_RATIO = 1.5;
/** Growth of the time per member by the floor's. */
const MOST_GROWTH = 1.5;

interface Reading {
  readonly members: number;
  readonly rounds: readonly Round<SeriesReport>[];
  readonly commands: number;
}

/** Members with capabilities of groups of some sizes, ascending. */
export async function benchMembers(
  context: RedisBench,
  worker: Worker<GroupsWorker>,
  sizes: readonly MembersSize[],
): Promise<Part> {
  const { tooz, say } = context;
  const readings: Reading[] = [];
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    const { members, toozReads } = size;
    const group = `members-${members}`;
    say(`coordination: ${context.rounds} rounds of the members of a group of ${members}`);
    await worker.call('seed', { group, members });
    let commands = Number.NaN;
    const rounds = await withPython(context, {
      async node() {
        const report = await worker.call('read', { group, ...size });
        commands = report.commands;
        return { ...report.sides };
      },
      tooz: tooz && toozReads > 0 ? () => tooz.call('members', { group, count: toozReads }) : null,
    });
    const reading = { members, rounds, commands };
    readings.push(reading);
    measurements.push(...lines(reading, toozReads > 0 ? (tooz?.name ?? null) : undefined));
  }
  return {
    measurements: [...measurements, ...growth(readings)],
    notes: [
      'members with capabilities: the floor is one EVALSHA that looks at all beats and returns the same reply, left as buffers',
      ...readings.map(
        (one) => `${one.members} members: ${one.rounds.length} rounds, ${one.commands} call(s) per reading`,
      ),
    ],
  };
}

/** `tooz`: its name; null: it is not installed; undefined: it takes no part in groups of this size. */
function lines({ members, rounds, commands }: Reading, tooz: string | null | undefined): Measurement[] {
  const id = `coordination.members-${members}`;
  const what = `members with capabilities of ${members}`;
  const to = { rounds, unit: 'ms', to: 'floor', toWhat: 'one EVALSHA, undecoded', figure: callMs };
  const judged = members === JUDGED ? { bar: { kind: 'atMost', value: MOST_RATIO } as const } : {};
  return [
    versus({ ...to, id: `${id}.holdfast`, what: `${what}: holdfast`, of: 'holdfast', ...judged }),
    ...(tooz ? [versus({ ...to, id: `${id}.tooz`, what: `${what}: ${tooz}`, of: 'tooz' })] : []),
    ...(tooz === null ? [absent('tooz', `${id}.tooz`, 'ms')] : []),
    versus({
      ...to,
      id: `${id}.cpu`,
      what: `${what}: holdfast, CPU of the process`,
      unit: 'µs',
      of: 'holdfast',
      figure: cpuUs,
    }),
    {
      id: `${id}.calls`,
      what: `${what}: holdfast, calls of the server`,
      unit: '',
      value: commands,
      bar: bar('atMost', 1, 'value', commands),
    },
  ];
}

/**
 * How the time per member grows from the second largest group to the largest; 1 is linear. Held against the floor's own
 * growth: a reply of megabytes costs the server and any client more for each of its members.
 */
function growth(readings: readonly Reading[]): Measurement[] {
  const [fewer, more] = readings.slice(-2);
  if (fewer === undefined || more === undefined) return [];
  const perMember = ({ members, rounds }: Reading, side: string): number =>
    median(series(rounds, side, callMs)) / members;
  const ofSide = (side: string): number => perMember(more, side) / perMember(fewer, side);
  const [own, floor] = [ofSide('holdfast'), ofSide('floor')];
  return [
    {
      id: 'coordination.members.growth',
      what: `time per member of ${more.members} by that of ${fewer.members}: holdfast`,
      unit: '',
      value: own,
      floor: { what: "the floor's", value: floor },
      ratio: own / floor,
      bar: bar('atMost', MOST_GROWTH, 'ratio', own / floor),
    },
  ];
}
