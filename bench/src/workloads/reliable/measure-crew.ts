import { bar, type Measurement, voided } from '../../harness/results.js';
import { type Rounds, ratios, series, telling } from '../../harness/rounds.js';
import { median, spread } from '../../harness/stats.js';
import type { CrewReport } from './crew-report.js';
import type { CrewSize } from './crew-size.js';
import type { Part } from './part.js';

/** Event loop delay p99 may be so many ms in any case … */
const LOOP_DELAY_MS = 30;
/** … or so many more than the bare side's. */
const LOOP_DELAY_MORE_MS = 20;
const LEAST_FAIRNESS = 0.7;
const MOST_TAIL_RATIO = 3;

/** A run that met void rounds needs so many pairs that count to be judged. */
const LEAST_PAIRS = 5;
const WHYS_SHOWN = 3;

type Figure = (report: CrewReport) => number;

/** The lines of one size of crew. The bars on several processes hold for those only. */
export function measure(name: string, size: CrewSize, rounds: Rounds<CrewReport>): Part {
  const told = telling(rounds);
  const id = `reliable.${size.processes}x${size.callers}`;
  const line = (part: string, what: string, unit: string, figure: Figure): Measurement => {
    const values = series(told, 'journaled', figure);
    const toBare = ratios(told, ['journaled', 'bare'], figure);
    return {
      id: `${id}.${part}`,
      what: `${name}: ${what}`,
      unit,
      value: median(values),
      spread: spread(values),
      floor: { what: 'bare', value: median(series(told, 'bare', figure)) },
      ratio: median(toBare),
      ratioSpread: spread(toBare),
    };
  };
  const sagas = line('sagas', 'creates', 'sagas/s', (one) => one.sagasPerSecond);
  const tail = line('p99', 'create p99', 'ms', (one) => one.p99Ms);
  const delay = line('loop-delay', 'event loop delay p99', 'ms', (one) => one.loopDelayP99Ms);
  const fairness = line('fairness', 'slowest process by fastest', '', (one) => one.fairness);
  const many = size.processes > 1;
  const delayBar = Math.max(LOOP_DELAY_MS, (delay.floor?.value ?? 0) + LOOP_DELAY_MORE_MS);
  const measurements = [
    { ...sagas, bar: bar('atLeast', size.leastRatio, 'ratio', sagas.ratio ?? Number.NaN) },
    many ? { ...tail, bar: bar('atMost', MOST_TAIL_RATIO, 'ratio', tail.ratio ?? Number.NaN) } : tail,
    many ? { ...delay, bar: bar('atMost', delayBar, 'value', delay.value) } : delay,
    ...(many ? [{ ...fairness, bar: bar('atLeast', LEAST_FAIRNESS, 'value', fairness.value) }] : []),
    line('cpu', 'CPU of the processes per create', 'µs', (one) => one.cpuUsPerSaga),
    line('server-cpu', 'CPU of the server per create', 'µs', (one) => one.serverCpuUsPerSaga),
  ];
  return {
    measurements: isEnough(rounds) ? measurements : voided(measurements),
    notes: [`${name}: ${account(rounds)}`, ...failures(name, rounds)],
  };
}

/** Void rounds are repeated, but not without end: too few that count judge nothing. */
function isEnough({ valid, voided: lost }: Rounds<CrewReport>): boolean {
  return valid.length >= (lost.length === 0 ? 1 : LEAST_PAIRS);
}

function account({ valid, voided: lost }: Rounds<CrewReport>): string {
  const counted = `${valid.length} pairs count, ${lost.length} void`;
  if (lost.length === 0) return counted;
  const some = lost.slice(0, WHYS_SHOWN).map(({ why }) => why);
  return `${counted} (${some.join('; ')}${lost.length > WHYS_SHOWN ? '; …' : ''})`;
}

function failures(name: string, rounds: Rounds<CrewReport>): string[] {
  const told = telling(rounds);
  return ['bare', 'journaled'].flatMap((side) => {
    const failed = series(told, side, (one) => one.failed).reduce((sum, one) => sum + one, 0);
    return failed > 0 ? [`DOUBTFUL: ${name}: ${failed} creates failed on the ${side} side`] : [];
  });
}
