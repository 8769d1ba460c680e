import { pause } from '../../harness/clock.js';
import type { BenchContext } from '../../harness/context.js';
import { bar, type Measurement } from '../../harness/results.js';
import { median, spread } from '../../harness/stats.js';
import type { DevStack } from './dev-stack.js';
import type { Part } from './part.js';

/** Beyond the lease, after kill -9. */
const MOST_BEYOND_MS = 1_000;
const MOST_HAND_OVER_MS = 1_000;
/** The launcher leaves a worker alone that died ten times in a row; three workers take turns. */
const MOST_ELECTIONS = 9;

/** From kill -9, and from SIGTERM, of the leader to the word of the next that it is elected. The worst is judged. */
export async function benchElections(
  { say, signal }: BenchContext,
  stack: DevStack,
  { elections, leaseMs }: { readonly elections: number; readonly leaseMs: number },
): Promise<Part> {
  const { backend } = stack;
  const times = Math.min(elections, MOST_ELECTIONS);
  if (times === 0) return { measurements: [], notes: [] };
  say(`stack, ${backend}: ${times} leaders killed, ${times} stopped`);
  const killed: number[] = [];
  const stopped: number[] = [];
  for (let n = 0; n < times; n += 1) {
    // Not in step with the beats of the lease.
    await pause(Math.random() * (leaseMs / 3), signal);
    killed.push(await stack.end('SIGKILL'));
    stopped.push(await stack.end('SIGTERM'));
  }
  return {
    measurements: [
      line(
        `stack.${backend}.killed`,
        `${backend}: leader killed to the next elected`,
        killed,
        leaseMs + MOST_BEYOND_MS,
      ),
      line(
        `stack.${backend}.stopped`,
        `${backend}: leader stopped to the next elected`,
        stopped,
        MOST_HAND_OVER_MS,
      ),
    ],
    notes: [
      `${backend}: ${times} of each, lease ${leaseMs} ms, as the workers' log lines arrive; the value is the worst. Killed, ms: ${list(killed)} (median ${Math.round(median(killed))}); stopped, ms: ${list(stopped)} (median ${Math.round(median(stopped))})`,
    ],
  };
}

function line(id: string, what: string, timesMs: readonly number[], most: number): Measurement {
  const times = spread(timesMs);
  return {
    id,
    what,
    unit: 'ms',
    value: times.most,
    spread: times,
    bar: bar('atMost', most, 'value', times.most),
  };
}

const list = (values: readonly number[]): string =>
  values
    .toSorted((a, b) => a - b)
    .map((value) => Math.round(value))
    .join(' ');
