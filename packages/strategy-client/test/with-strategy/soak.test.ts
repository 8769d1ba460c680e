import { expect, test } from 'vitest';
import { PARTS } from './support/deployment.js';
import { collect, follow } from './support/follow.js';
import { seededRandom } from './support/seeded.js';
import { World } from './support/world.js';

const SWITCHES = 20;
const WORKERS = 16;

test.each([
  { hasSessions: true, refusal: 'own' },
  { hasSessions: false, refusal: '456' },
] as const)('20 switches under load, none fails and nothing is begun twice: %o', async (o) => {
  const world = await World.start(o);
  const { exports, manager } = follow(world);
  const random = seededRandom(7);
  let isOver = false;
  let jobs = 0;
  /** Where a job was begun last. */
  let latest = 'blue';
  const begun: string[] = [];
  const got: string[] = [];
  const complete = Array.from({ length: PARTS }, (_, seq) => seq).join();
  const waiting: (() => void)[] = [];
  /** Resolves when some job has begun or ended. */
  const progress = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const progressed = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };

  const worker = async (id: number): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      const name = `${id}-${n}`;
      begun.push(name);
      const { jobId, from } = await exports.startJob({ name });
      latest = from;
      progressed();
      const status = await exports.jobStatus({ jobId });
      const parts = await collect(exports.download({ jobId }));
      got.push(
        `${status.name} ${[status, ...parts].every((reply) => reply.from === from)} ${parts.map(({ seq }) => seq)}`,
      );
      await exports.closeJob({ jobId });
      jobs++;
      progressed();
    }
  };
  /** Lets the workers get on for a while that differs from switch to switch. */
  const work = async (): Promise<void> => {
    for (const enough = jobs + Math.floor(random() * 6); jobs < enough; ) await progress();
  };
  const operator = async (): Promise<void> => {
    for (let n = 0; n < SWITCHES; n++) {
      await work();
      if (random() < 0.6) {
        world.announce();
        await work();
      }
      const old = world.sides[world.active];
      world.drain();
      while (old.jobs.size > 0) await progress();
      // Somebody has to come by before the next switch, or there would be nothing to follow.
      while (latest !== world.active) await progress();
      world.off();
    }
    isOver = true;
  };

  await Promise.all([operator(), ...Array.from({ length: WORKERS }, (_, id) => worker(id))]);
  expect(begun.filter((name) => world.starts(name) !== 1)).toEqual([]);
  // Each of them whole, in order and from one side.
  expect(got.toSorted()).toEqual(begun.map((name) => `${name} true ${complete}`).toSorted());
  const metrics = manager.metrics();
  expect(metrics.switches).toBe(SWITCHES);
  expect(metrics.pinned).toEqual({ blue: 0, green: 0 });
  expect(metrics.drains.count).toBe(SWITCHES);
  // One for the first, and one for each side that a switch went to.
  if (o.hasSessions) expect(world.sides.blue.logins + world.sides.green.logins).toBe(SWITCHES + 1);
});
