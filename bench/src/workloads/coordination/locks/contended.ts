import type { Measurement } from '../../../harness/results.js';
import { type Round, runRounds } from '../../../harness/rounds.js';
import { alone, versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import type { LockContender } from '../contenders/contender.js';
import type { Part, RedisBench } from '../part.js';
import { contenderNames } from '../peers.js';
import { callsOf } from '../redis-counts.js';
import type { ContendedReport, LocksWorker } from './protocol.js';

export interface ContendedSizes {
  /** Waiters of one lock, a run each. */
  readonly waiters: readonly number[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** The floor cannot wait. */
const ON_REDIS = ['holdfast', 'redlock', 'redis-semaphore'] as const satisfies readonly LockContender[];
const CONTENDERS = [...ON_REDIS, 'etcd3-queue'] as const satisfies readonly LockContender[];
type Contender = (typeof CONTENDERS)[number];
const CONNECTIONS = 4;
/** More of them take etcd3 longer to stand in line than anything is measured here. */
const MOST_ON_ETCD = 100;

/** What each sends itself; everything else in Redis's statistics was called by its scripts. */
const SENT: Readonly<Record<Contender, readonly string[]>> = {
  holdfast: ['evalsha', 'eval'],
  redlock: ['evalsha', 'eval'],
  'redis-semaphore': ['set', 'evalsha', 'eval'],
  'etcd3-queue': ['message'],
};

type Rounds = readonly Round<ContendedReport>[];

/** One lock that many wait for. There is no bar: fairness and a herd are paid for in different coin. */
export async function benchContended(
  context: RedisBench,
  worker: Worker<LocksWorker>,
  sizes: ContendedSizes,
): Promise<Part> {
  const { signal, say, etcd } = context;
  const names = await contenderNames();
  const measurements: Measurement[] = [];
  for (const waiters of sizes.waiters) {
    const contenders = etcd === null || waiters > MOST_ON_ETCD ? ON_REDIS : CONTENDERS;
    say(`coordination: ${sizes.rounds} rounds of one lock with ${waiters} waiters`);
    const { valid } = await runRounds<ContendedReport>(
      { contenders, rounds: sizes.rounds, signal },
      (contender) =>
        worker.call('contended', {
          contender: CONTENDERS.find((one) => one === contender) ?? 'holdfast',
          waiters,
          connections: CONNECTIONS,
          warmUpMs: sizes.warmUpMs,
          durationMs: sizes.durationMs,
        }),
    );
    measurements.push(...table(waiters, valid, { names, contenders }));
  }
  return {
    measurements,
    notes: [
      `one lock: ${sizes.rounds} rounds of ${sizes.durationMs} ms per contender, waiters on ${CONNECTIONS} connections come back at once; fairness: grants of the least served waiter by those of the most served, 0 where one got none`,
    ],
  };
}

function table(
  waiters: number,
  rounds: Rounds,
  o: {
    readonly names: Readonly<Record<LockContender, string>>;
    readonly contenders: readonly Contender[];
  },
): Measurement[] {
  const { names, contenders } = o;
  const id = `coordination.contended-${waiters}`;
  const line = (of: Contender): Measurement[] => {
    const whose = `1 lock, ${waiters} waiters: ${names[of]}`;
    const own = { rounds, of };
    const sent = (report: ContendedReport): number => callsOf(report.commands, SENT[of]) / grants(report);
    return [
      alone({
        ...own,
        id: `${id}.${of}.grant`,
        what: `${whose}, time per grant`,
        unit: 'µs',
        figure: perGrant,
      }),
      alone({
        ...own,
        id: `${id}.${of}.commands`,
        what: `${whose}, commands per grant`,
        unit: '',
        figure: sent,
      }),
      alone({ ...own, id: `${id}.${of}.fairness`, what: `${whose}, fairness`, unit: '', figure: fairness }),
    ];
  };
  const against = (to: Contender): Measurement =>
    versus({
      id: `${id}.holdfast-to-${to}`,
      what: `1 lock, ${waiters} waiters: holdfast, time per grant`,
      unit: 'µs',
      rounds,
      of: 'holdfast',
      to,
      toWhat: names[to],
      figure: perGrant,
    });
  const isAbsent = waiters <= MOST_ON_ETCD && !contenders.includes('etcd3-queue');
  return [
    ...contenders.flatMap(line),
    ...(isAbsent ? [absent('etcd', `${id}.etcd3-queue`, 'µs')] : []),
    ...contenders.filter((one) => one !== 'holdfast').map(against),
  ];
}

const grants = ({ grants: byWaiter }: ContendedReport): number => byWaiter.reduce((sum, one) => sum + one, 0);
const perGrant = (report: ContendedReport): number => (report.elapsedMs * 1000) / grants(report);
const fairness = ({ grants: byWaiter }: ContendedReport): number =>
  Math.min(...byWaiter) / Math.max(...byWaiter);
