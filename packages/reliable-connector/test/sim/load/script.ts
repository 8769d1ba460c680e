import type { LoadWeights } from '../profile.js';
import type { Coordinator, Simulation } from '../simulation.js';
import { Prng } from '../world/prng.js';
import type { CallOptions } from './users.js';

/** Ms after which a coordinator that is not open yet is asked again. */
const RETRY_MS = 200;

/** The users of one seed: so many operations at random moments, through whichever process is there. */
export function scheduleLoad(simulation: Simulation): void {
  const { profile, world } = simulation;
  const dice = new Prng(profile.seed, 'load');
  for (let i = 0; i < profile.operations; i++)
    world.after(dice.between(0, profile.spanMs), () => act(simulation, dice));
}

/** Coordinators that can be called. */
export function ready({
  coordinators,
}: Simulation): (Coordinator & { connector: NonNullable<Coordinator['connector']> })[] {
  return coordinators.flatMap((each) =>
    each.connector !== null && each.process.state === 'running'
      ? [{ ...each, connector: each.connector }]
      : [],
  );
}

function act(simulation: Simulation, dice: Prng): void {
  const { profile, world, users } = simulation;
  const able = ready(simulation);
  if (able.length === 0) {
    world.after(RETRY_MS, () => act(simulation, dice));
    return;
  }
  const coordinator = dice.pick(able);
  const groupId = dice.pick(profile.groups);
  const { load } = profile;
  if (dice.chance(load.inspect)) {
    inspect(coordinator.connector, groupId, dice);
    return;
  }
  const creates = dice.chance(load.create / (load.create + load.delete));
  const options = drawOptions(simulation, dice, load, creates);
  if (creates) users.create(coordinator, groupId, options);
  else users.delete(coordinator, groupId, options);
}

function drawOptions(
  { world, profile }: Simulation,
  dice: Prng,
  load: LoadWeights,
  creates: boolean,
): CallOptions {
  const options: { -readonly [K in keyof CallOptions]: CallOptions[K] } = {};
  if (creates && dice.chance(load.forward)) options.onDeadline = 'forward';
  if (!creates && dice.chance(load.restore)) options.onFailure = 'restore';
  else if (!creates && dice.chance(load.force)) options.force = true;
  if (dice.chance(0.2)) options.deadlineMs = dice.int(20, profile.deadlineMs);
  if (dice.chance(load.idempotent)) options.idempotencyKey = `key ${dice.int(1, 6)}`;
  if (dice.chance(load.cancel)) {
    const cancel = new AbortController();
    world.after(dice.between(0, profile.deadlineMs / 4), () => cancel.abort());
    options.signal = cancel.signal;
  }
  return options;
}

/** Reads and repairs, whose own answers are judged elsewhere: here they are one more disturbance. */
function inspect(connector: NonNullable<Coordinator['connector']>, groupId: string, dice: Prng): void {
  const look = dice.pick([
    () => connector.verify({ ids: [groupId] }),
    () => connector.repair({ ids: [groupId] }),
    () => connector.repair({ direction: 'fill' }),
    () => connector.repair({ dryRun: true }),
    () => connector.getGroup(groupId),
    () => connector.stats(),
    () => connector.parked(),
    () => connector.recover(),
  ]);
  void look().catch(() => {});
}
