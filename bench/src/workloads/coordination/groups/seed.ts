import { type Driver, getCoordinator } from '@holdfast/coordination';
import { redisDriver } from '@holdfast/coordination/drivers/redis';
import { BenchError } from '../../../harness/bench-error.js';
import type { SeedOrder } from './protocol.js';

/** Members must outlive the measurement, since nobody beats for them. */
const MEMBER_TTL_MS = 3_600_000;
const AT_ONCE = 100;

/** As a worker would describe itself. */
const CAPABILITIES = { pid: 41_972, host: 'worker-17', version: '0.1.0', started: 1_790_000_000_000 };

/**
 * Joins so many members to a group, by the driver alone: a coordinator each would be a connection each. All have the
 * same capabilities, which a coordinator has written.
 */
export async function seedGroup(url: string, { group, members }: SeedOrder): Promise<void> {
  let driver: Driver | null = null;
  await using coordinator = getCoordinator(url, `seed-${group}`, {
    membershipTtlMs: MEMBER_TTL_MS,
    driver: {
      ...redisDriver,
      open: async (context) => {
        driver = await redisDriver.open(context);
        return driver;
      },
    },
  });
  await coordinator.start();
  const template = `${group}-template`;
  await coordinator.joinGroupCreate(template, CAPABILITIES);
  await coordinator.createGroup(group);
  await joinAll(opened(driver), { group, members, template, self: coordinator.memberId });
}

async function joinAll(
  driver: Driver,
  { group, members, template, self }: SeedOrder & { readonly template: string; readonly self: string },
): Promise<void> {
  const [reading] = await driver.readGroups({ groups: [template], capabilities: true, self });
  const capabilities = reading?.members[0]?.capabilities;
  if (!capabilities) throw new BenchError('WRONG_REPLY', `group ${template} does not have its member`);
  for (let from = 0; from < members; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, members - from) }, (_, n) => `member-${from + n}`);
    await Promise.all(
      batch.map((member) =>
        driver.join({ group, member: `${group}-${member}`, capabilities, create: false }),
      ),
    );
  }
}

/** The callback that assigns it runs before `start` resolves. */
function opened(driver: Driver | null): Driver {
  if (driver === null) throw new Error('the coordinator has started without a driver');
  return driver;
}
