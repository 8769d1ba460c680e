import fc from 'fast-check';
import { describe, test } from 'vitest';
import { CLIENTS, GROUPS, LOCKS, MODES, Pair, type Slot } from './support/pair.js';
import { WORLDS } from './support/worlds.js';

/** Opening a file takes longer than all the steps on it. */
const RUNS: Readonly<Record<string, number>> = { memory: 300, sqlite: 50 };
const STEPS = { minLength: 5, maxLength: 60 } as const;

/** Something to do to a driver and to the model. */
type Command = readonly [name: string, run: (pair: Pair) => Promise<void> | void];

const client = fc.nat(CLIENTS.length - 1);
const lock = fc.nat(LOCKS.length - 1);
const group = fc.constantFrom(...GROUPS);
const capabilities = fc.string({ maxLength: 5 });
const slot: fc.Arbitrary<Slot> = fc.record({ client, lock, mode: fc.nat(MODES.length - 1) });

/** The name, with what it is called with, is what a counterexample prints. */
const command = <T extends unknown[]>(
  weight: number,
  parts: [...{ [K in keyof T]: fc.Arbitrary<T[K]> }],
  run: (pair: Pair, ...given: T) => Promise<void> | void,
): { weight: number; arbitrary: fc.Arbitrary<Command> } => ({
  weight,
  arbitrary: fc
    .tuple<T>(...parts)
    .map((given): Command => [`${run} with ${JSON.stringify(given)}`, (pair) => run(pair, ...given)]),
});

const locking = fc.oneof(
  command(6, [slot, fc.boolean()], (pair, at, wait) => pair.acquire(at, wait)),
  command(3, [slot], (pair, at) => pair.release(at)),
  command(1, [lock, fc.constantFrom('break', 'ask')], (pair, at, how) => pair.revoke(at, how)),
  command(1, [client], (pair, at) => pair.beat(at)),
  command(2, [fc.constantFrom(1, 499, 500, 1_000, 2_000)], (pair, ms) => pair.pass(ms)),
  command(1, [fc.constantFrom(-60_000, 60_000)], (pair, ms) => pair.jump(ms)),
);

const grouping = fc.oneof(
  command(1, [group], (pair, id) => pair.createGroup(id)),
  command(1, [group], (pair, id) => pair.deleteGroup(id)),
  command(4, [client, fc.record({ group, create: fc.boolean(), capabilities })], (pair, at, o) =>
    pair.join(at, o),
  ),
  command(2, [client, fc.subarray([...GROUPS]), fc.boolean()], (pair, at, ids, final) =>
    pair.leave(at, ids, final),
  ),
  command(2, [client, group, capabilities], (pair, at, id, value) => pair.update(at, id, value)),
  command(2, [client], (pair, at) => pair.beat(at)),
  command(4, [client, group], (pair, at, id) => pair.read(at, id)),
  command(2, [fc.constantFrom(1, 1_499, 1_500, 3_000)], (pair, ms) => pair.pass(ms)),
);

describe.each(WORLDS)('any sequence of calls on %s does what the plain model does', (name, make) => {
  let runs = 0;

  test.each([
    ['locks', locking],
    ['groups', grouping],
  ])('%s', async (_, commands) => {
    const world = await make();
    await fc.assert(
      fc.asyncProperty(fc.array(commands, STEPS), async (steps) => {
        const namespace = `run-${runs++}`;
        const clients = await Promise.all(CLIENTS.map((id) => world.client(id, { namespace })));
        const pair = new Pair(world, clients);
        for (const [, run] of steps) await run(pair);
        await Promise.all(clients.map(({ driver }) => driver.close()));
      }),
      { numRuns: RUNS[name] ?? 1 },
    );
  });
});
