import type { Simulation } from '../simulation.js';

/** Judges a run that has come to rest. */
export function judgeRest(simulation: Simulation): void {
  const { judge, engine, clock, config, processes, users } = simulation;
  const { violations } = judge;
  for (const user of users) violations.expect(user.isOver, () => `${user.sql} never ends`);
  for (const [at, { manager, routing }] of processes.entries()) {
    const { candidate, target } = routing;
    violations.expect(candidate === null, () => `the candidate ${candidate?.strategy} is never decided`);
    const word = judge.sideOf(at).latestWord;
    const holds =
      word === null || word === target || !engine.serves(word, false) || config.wrong.includes(word);
    violations.expect(
      holds,
      () => `the target stays ${target} although the latest word is ${word}, which serves`,
    );
    const { pinned } = manager.metrics();
    violations.expect(pinned.blue + pinned.green === 0, () => `pins are left: ${JSON.stringify(pinned)}`);
  }
  violations.expect(clock.timers === 0, () => `${clock.timers} timers are left`);
  for (const { sql, strategy, isOrphan } of engine.held)
    violations.expect(isOrphan, () => `${strategy} still holds ${sql}`);
}
