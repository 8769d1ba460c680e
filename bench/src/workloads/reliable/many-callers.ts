import type { BenchContext } from '../../harness/context.js';
import { processCpuUs } from '../../harness/process-cpu.js';
import { runRounds } from '../../harness/rounds.js';
import { type CrewReport, combine, LONGEST_BARE_DELAY_MS } from './crew-report.js';
import type { CrewSize } from './crew-size.js';
import { measure } from './measure-crew.js';
import type { Part } from './part.js';
import { startCrew } from './workers.js';

export interface ManyCallersSizes {
  /** Of one side in one round. */
  readonly roundMs: number;
  readonly warmUpMs: number;
}

const SIDES = ['bare', 'journaled'] as const;

/** Sagas/s of createGroup against the bare requests, both in the same processes, turn by turn. */
export async function benchManyCallers(
  context: BenchContext,
  size: CrewSize,
  { roundMs, warmUpMs }: ManyCallersSizes,
): Promise<Part> {
  const name = `${size.processes} × ${size.callers}`;
  await using crew = await startCrew(context, size.processes);
  const run = async (side: string, prefix: string, durationMs: number): Promise<CrewReport> => {
    const order = {
      side: side === 'bare' ? 'bare' : 'journaled',
      callers: size.callers,
      durationMs,
    } as const;
    const cpuBefore = await processCpuUs(crew.serverPid);
    const reports = await Promise.all(
      crew.workers.map((worker, n) => worker.call('callers', { ...order, prefix: `${prefix}-${side}-${n}` })),
    );
    return combine(reports, (await processCpuUs(crew.serverPid)) - cpuBefore);
  };
  for (const side of SIDES) await run(side, 'warm', warmUpMs);
  context.say(`reliable, ${name}: ${context.rounds} rounds of 2 × ${roundMs} ms`);
  const done = await runRounds<CrewReport>(
    {
      contenders: SIDES,
      rounds: context.rounds,
      signal: context.signal,
      voidBecause: ({ bare }) =>
        bare !== undefined && bare.loopDelayP99Ms > LONGEST_BARE_DELAY_MS
          ? `bare event loop delay p99 ${bare.loopDelayP99Ms.toFixed(0)} ms`
          : null,
    },
    (side, n) => run(side, `r${n}`, roundMs),
  );
  return measure(name, size, done);
}
