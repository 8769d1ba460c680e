import type { BenchContext } from '../../../harness/context.js';
import type { Round } from '../../../harness/rounds.js';
import { runRounds } from '../../../harness/rounds.js';
import { median } from '../../../harness/stats.js';
import type { ToozSeries } from '../tooz/tooz-peer.js';
import type { SeriesReport } from './protocol.js';

/** Until the compiler has seen enough. */
const WARM_UP_ROUNDS = 2;

/** Both sides of the worker, in turn with Python where it takes part; by contender `floor`, `holdfast`, `tooz`. */
export async function withPython(
  { rounds, signal }: Pick<BenchContext, 'rounds' | 'signal'>,
  run: {
    readonly node: () => Promise<Round<SeriesReport>>;
    readonly tooz: (() => Promise<ToozSeries>) | null;
  },
): Promise<readonly Round<SeriesReport>[]> {
  const { node, tooz } = run;
  const contenders = tooz === null ? ['node'] : ['node', 'tooz'];
  const measure = async (contender: string): Promise<Round<SeriesReport>> =>
    contender === 'node' || tooz === null ? node() : { tooz: fromPython(await tooz()) };
  for (let n = 0; n < WARM_UP_ROUNDS; n += 1) for (const contender of contenders) await measure(contender);
  const { valid } = await runRounds({ contenders, rounds, signal }, measure);
  return valid.map((round) => Object.assign({}, ...Object.values(round)));
}

function fromPython({ lapsMs, cpuUs }: ToozSeries): SeriesReport {
  return { lapsMs: Float64Array.from(lapsMs), cpuUs };
}

/** Median time of one call in ms: what else the machine does meets few of them. */
export const callMs = ({ lapsMs }: SeriesReport): number => median(lapsMs);

export const perSecond = (report: SeriesReport): number => 1000 / callMs(report);

/** CPU of the process per call in µs. */
export const cpuUs = (report: SeriesReport): number => report.cpuUs / report.lapsMs.length;
