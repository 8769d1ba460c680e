import { bar, type Measurement } from '../../../harness/results.js';
import type { Round } from '../../../harness/rounds.js';
import { runRounds, series } from '../../../harness/rounds.js';
import { median, spread } from '../../../harness/stats.js';
import { versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import type { Part, RedisBench } from '../part.js';
import type { BeatReport, GroupsWorker } from './protocol.js';
import { callMs } from './series.js';

export interface BeatSize {
  readonly locks: number;
  /** Beats in a round. */
  readonly count: number;
  /** Beats of tooz in a round; 0: it does not take part. */
  readonly toozCount: number;
}

/** The bars hold for this many locks; long series of more meet a beat of another coordinator now and then. */
const JUDGED = 1_000;
const MOST_MS = 10;

/** One beat of a coordinator that holds some locks. */
export async function benchHeartbeat(
  context: RedisBench,
  worker: Worker<GroupsWorker>,
  sizes: readonly BeatSize[],
): Promise<Part> {
  const { tooz, rounds, signal, say } = context;
  const measurements: Measurement[] = [];
  for (const { locks, count, toozCount } of sizes) {
    say(`coordination: ${rounds} rounds of heartbeats with ${locks} held locks`);
    const python = toozCount > 0 ? tooz : null;
    const { valid } = await runRounds<BeatReport>(
      { contenders: python === null ? ['holdfast'] : ['holdfast', 'tooz'], rounds, signal },
      async (contender) => {
        if (contender === 'holdfast' || python === null) return worker.call('beat', { locks, count });
        const { lapsMs, cpuUs } = await python.call('beat', { locks, count: toozCount });
        return { lapsMs: Float64Array.from(lapsMs), cpuUs, commands: Number.NaN };
      },
    );
    measurements.push(...lines(locks, valid));
    const id = `coordination.heartbeat-${locks}.holdfast-to-tooz`;
    const what = `heartbeat, ${locks} held locks: holdfast`;
    if (python !== null)
      measurements.push(
        versus({
          id,
          what,
          unit: 'ms',
          rounds: valid,
          of: 'holdfast',
          to: 'tooz',
          toWhat: python.name,
          figure: callMs,
        }),
      );
    else if (toozCount > 0) measurements.push(absent('tooz', id, 'ms'));
  }
  return { measurements, notes: [] };
}

function lines(locks: number, rounds: readonly Round<BeatReport>[]): Measurement[] {
  const id = `coordination.heartbeat-${locks}`;
  const what = `heartbeat, ${locks} held locks: holdfast`;
  const times = series(rounds, 'holdfast', callMs);
  const commands = Math.max(...series(rounds, 'holdfast', (one) => one.commands));
  const value = median(times);
  return [
    {
      id: `${id}.time`,
      what,
      unit: 'ms',
      value,
      spread: spread(times),
      ...(locks === JUDGED ? { bar: bar('atMost', MOST_MS, 'value', value) } : {}),
    },
    {
      id: `${id}.calls`,
      what: `${what}, calls of the server`,
      unit: '',
      value: commands,
      ...(locks === JUDGED ? { bar: bar('atMost', 1, 'value', commands) } : {}),
    },
  ];
}
