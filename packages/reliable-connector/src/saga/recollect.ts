import type { SagaRun } from './saga-run.js';

/** After an adoption: what the dead owner knew of its steps, or the worst (4.2, 4.6). */
export function recollect(run: SagaRun): void {
  const { saga, engine, definition } = run;
  const until = engine.clock.monotonic() + engine.maxServerLagMs;
  for (const step of run.steps) {
    const stored = saga.results[step.name];
    const result = stored?.token === saga.token ? stored : undefined;
    // A RESULT that decides nothing may be older than the last attempts: only one that is believed is trusted at all.
    const verdict = result ? definition.recall(result, saga) : null;
    step.assumeTheWorst(verdict ? result : undefined, verdict);
    if (saga.probes[step.name] !== undefined) step.probeAliveUntil = until;
    if (saga.resolved[step.name] !== undefined) step.verdict = { label: 'resolved', ok: true, status: null };
  }
  for (const step of run.steps) {
    const why = step.verdict && definition.stops(step.verdict);
    if (why) run.stop(why);
  }
  const tooOld = engine.clock.now() - saga.createdAt > engine.maxForwardAgeMs;
  if (saga.phase === 'applying' && saga.direction !== 'forward' && tooOld && definition.canTurnBack(saga))
    run.stop('too_old');
}
