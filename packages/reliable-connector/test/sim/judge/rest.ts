import type { ReliableConnector, VerifyReport } from '../../../src/index.js';
import type { Simulation } from '../simulation.js';
import type { Invariant } from './rule.js';

/** Virtual time within which a healed world must come to rest, beside several Q. */
const REST_MS = 120_000;

type Report = (invariant: Invariant, text: string) => void;

/**
 * Liveness: once everything is healed and some process runs, all sagas end (L1) and all obligations are paid (L3), and
 * `verify` tells exactly what the nodes hold.
 */
export async function bringToRest(
  simulation: Simulation,
  connector: ReliableConnector,
  report: Report,
): Promise<void> {
  const { world, profile, durable, journal } = simulation;
  const limitMs = REST_MS + 20 * profile.maxServerLagMs + profile.parkAfterMs;
  const end = world.now + limitMs;
  const open = (): number[] =>
    [...durable.sagas.values()].filter((saga) => saga.phase !== 'ended').map((saga) => saga.id);
  for (let round = 0; round < 6 && world.now < end; round++) {
    await finish(
      simulation,
      connector.recover({ wait: true }),
      end - world.now,
      report,
      'recover({ wait: true })',
    );
    await world.pass(profile.maxServerLagMs + 3_000);
    const parked = open();
    if (parked.length === 0 && journal.info().hot === 0) break;
    for (const id of parked) await operate(simulation, connector, id, end - world.now, report);
  }
  for (const id of open()) {
    const saga = durable.sagas.get(id);
    const excused = saga?.key != null && simulation.outsider.groups.has(saga.key);
    if (!excused)
      report(
        'L1',
        `saga ${id} (${saga?.definition} ${saga?.key}) is ${saga?.phase} for ever, ${saga?.parked?.why ?? 'and not parked'}`,
      );
  }
  if (open().length === 0 && journal.info().hot > 0)
    report('L3', `${journal.info().hot} HOT entries are never paid`);
}

/** Runs the world until the promise settles. */
export async function finish<T>(
  { world }: Simulation,
  promise: Promise<T>,
  limitMs: number,
  report: Report,
  what: string,
): Promise<T | null> {
  let settled = false;
  let result: T | null = null;
  void promise.then(
    (value) => {
      result = value;
      settled = true;
    },
    (error: Error) => {
      report('X', `${what} threw ${error.stack}`);
      settled = true;
    },
  );
  if (!(await world.run(() => settled, Math.max(0, limitMs)))) report('L1', `${what} never returned`);
  return result;
}

/** What an operator does about a parked saga: try again, or where an outsider is in the way, call it done. */
async function operate(
  simulation: Simulation,
  connector: ReliableConnector,
  id: number,
  limitMs: number,
  report: Report,
): Promise<void> {
  const saga = simulation.durable.sagas.get(id);
  if (saga?.parked == null) return;
  const foreign = saga.key !== null && simulation.outsider.groups.has(saga.key);
  const assume = foreign ? 'done' : 'retry';
  simulation.coverage.count('operator', `resolve: ${assume}`);
  const resolving = connector
    .resolve(id, { node: saga.parked.step, assume, by: 'simulation' })
    .catch(() => null);
  await finish(simulation, resolving, limitMs, report, 'resolve()');
}

/** `verify` must name each difference between the catalog and the nodes that can be seen from outside, and no other. */
export function checkVerify(
  { nodes, durable, profile, coverage }: Simulation,
  told: VerifyReport,
  report: Report,
): void {
  for (const groupId of profile.groups)
    for (const node of nodes) {
      const expected = durable.catalog.get(groupId);
      const version = node.records.get(groupId);
      const named = told.differences.filter((each) => each.groupId === groupId && each.node === node.name);
      const pending = durable.of(groupId).some((saga) => saga.phase !== 'ended');
      if (pending) continue;
      const differs = (version === undefined) !== (expected === undefined);
      const visibly = differs || (version !== expected && node.extensions.has('timestamp'));
      if (differs) coverage.count('verify', 'finds a difference');
      if (visibly && named.length === 0)
        report('S8', `verify does not see ${groupId} on ${node.name}: ${version} instead of ${expected}`);
      if (!visibly && named.length > 0)
        report('S8', `verify reports ${groupId} on ${node.name} as ${named[0]?.kind}, but it is right`);
    }
}

/** `repair` brings back what is missing where nobody else's record is in the way (4.10). */
export async function repairAll(
  simulation: Simulation,
  connector: ReliableConnector,
  report: Report,
): Promise<void> {
  const { profile, nodes, durable, world } = simulation;
  await finish(simulation, connector.repair({ ids: profile.groups }), REST_MS, report, 'repair()');
  await world.pass(profile.maxServerLagMs);
  for (const groupId of profile.groups) {
    const expected = durable.catalog.get(groupId);
    const blocked = durable.of(groupId).some((saga) => saga.phase !== 'ended');
    const foreign = nodes.some((node) => node.records.has(groupId) && node.records.get(groupId) !== expected);
    if (expected === undefined || blocked || foreign) continue;
    for (const node of nodes)
      if (!node.records.has(groupId)) report('L1', `repair() left ${groupId} missing on ${node.name}`);
  }
}
