import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { readApplied } from './ending/applied-log.js';
import { type Rest, untilQuiet } from './ending/quiet.js';
import { strike } from './faults/strike.js';
import type { StageEvent } from './history/event.js';
import type { History } from './history/history.js';
import { Commands } from './load/commands.js';
import { Observer } from './load/observer.js';
import { startQueries } from './load/queries-process.js';
import { Wanted } from './load/wanted.js';
import type { Options } from './options.js';
import { planFaults } from './plan/plan.js';
import type { Progress } from './progress.js';
import type { Recorder } from './recorder.js';
import { LEASE_MS } from './setting.js';
import { Stack } from './stack/stack.js';
import { wait } from './wait.js';

export interface RunOptions {
  readonly options: Options;
  /** Of the stack's files. */
  readonly folder: string;
  readonly recorder: Recorder;
  readonly progress: Progress;
}

/**
 * One run: start, load and strike, heal, come to rest, look, stop. The signal ends it early, with everything that was
 * started.
 *
 * @throws the signal's reason, and what made the run itself impossible.
 */
export async function runChaos(o: RunOptions, outer: AbortSignal): Promise<History> {
  const { options, folder, recorder, progress } = o;
  const { seed, seconds, coordination, mutation } = options;
  const failed = new AbortController();
  const fail = (error: unknown): void => failed.abort(error);
  const signal = AbortSignal.any([outer, failed.signal]);
  setMaxListeners(0, signal);
  const stack = await Stack.start({ folder, coordination, seed, mutation, recorder }, signal);
  const common = { engine: stack.engine.address, recorder, seed };
  const observer = new Observer(stack.coordinationUrl, recorder);
  const wanted = new Wanted(common);
  const commands = new Commands({ stack, recorder, seed });
  let rest: Rest;
  let executions: History['facts']['executions'];
  try {
    await observer.start(fail);
    const queries = startQueries(stack.programs, common);
    wanted.start();
    commands.start(fail);
    stage('chaos', `chaos for ${seconds} s`, o);
    await strikeAll(o, stack, signal);
    await Promise.all([wanted.calm(), commands.calm()]);
    const healedAt = stage('healed', 'healed, coming to rest', o);
    rest = await untilQuiet({ stack, wanted, commands, recorder, mutation }, signal);
    if (rest.quietAt !== null) recorder.add({ type: 'stage', at: rest.quietAt, stage: 'quiet' });
    rest = { ...rest, quietAt: rest.quietAt === null ? null : Math.max(0, rest.quietAt - healedAt) };
    progress.stage('stopping');
    await queries.stop();
    executions = await stack.engine.executions();
    await observer.stop();
    await wanted.close();
    await stack.stop();
  } catch (error) {
    // What still strikes or loads ends too, and meets a stack that is gone.
    fail(error);
    await stack.kill();
    await Promise.allSettled([wanted.calm(), commands.calm(), observer.stop(), wanted.close()]);
    throw signal.reason;
  }
  stage('judged', 'judging', o);
  const { quietAt, ...found } = rest;
  return {
    ...{ seed, seconds, coordination, mutation, began: recorder.began, leaseMs: LEASE_MS },
    events: recorder.events,
    facts: {
      ...found,
      convergedMs: quietAt,
      executions,
      writes: readApplied(path.join(folder, 'cluster'), recorder),
      leaked: stack.living(),
    },
  };
}

/** Resolves when the time is over and every fault has been taken back. */
async function strikeAll(
  { options, recorder }: RunOptions,
  stack: Stack,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const until = (ms: number): Promise<void> => wait(began + ms - performance.now(), signal);
  const stage = { stack, recorder, wait: (ms: number) => wait(ms, signal) };
  const strikes = planFaults(options).map(async (fault) => {
    await until(fault.atMs);
    await strike(fault, stage);
  });
  await Promise.all([...strikes, until(options.seconds * 1_000)]);
}

function stage(name: StageEvent['stage'], text: string, { recorder, progress }: RunOptions): number {
  const at = recorder.now();
  recorder.add({ type: 'stage', at, stage: name });
  progress.stage(text);
  return at;
}
