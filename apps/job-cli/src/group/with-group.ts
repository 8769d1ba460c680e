import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Coordinator } from '@holdfast/coordination';
import type { CoordinationFlags, CoordinationSettings } from '../config/coordination-settings.js';
import { EXIT } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { Run } from '../job-host.js';
import { driverOf } from './driver-of.js';
import { LeaderLock } from './leader-lock.js';

/** Ms that each look at the backend may take. */
const LOOK_TIMEOUT_MS = 5_000;
/** Ms that leaving may take; nothing is held, so nothing is lost by going. */
const STOP_TIMEOUT_MS = 1_000;

/** What a command that looks at the workers works with. */
export interface Group {
  readonly settings: CoordinationSettings;
  /** Started; joins nothing. */
  readonly coordinator: Coordinator;
  readonly leaderLock: LeaderLock;
}

/**
 * Opens the coordination backend as somebody who only looks, runs `use`, and closes it however that ends.
 *
 * @throws JobError `NOT_FOUND` where the file of a `sqlite:` backend is not there; CoordinationError from the opening.
 */
export async function withGroup<T>(
  run: Run,
  flags: CoordinationFlags,
  use: (group: Group) => Promise<T>,
): Promise<T> {
  const settings = await run.coordination(flags);
  await requireFile(settings);
  const { getCoordinator } = await import('@holdfast/coordination');
  const leaderLock = new LeaderLock(await driverOf(settings.url));
  const coordinator = getCoordinator(settings.url, `job-${process.pid}-${randomBytes(3).toString('hex')}`, {
    timeoutMs: LOOK_TIMEOUT_MS,
    driver: leaderLock.driver,
  });
  await coordinator.start({ heart: false, signal: run.io.signal });
  try {
    return await use({ settings, coordinator, leaderLock });
  } finally {
    await coordinator.stop({ timeoutMs: STOP_TIMEOUT_MS }).catch(() => undefined);
  }
}

/** A command that looks makes no file: a mistyped path must not look like a stack without workers. */
async function requireFile({ file }: CoordinationSettings): Promise<void> {
  if (file === null || (await stat(file).catch(() => null))?.isFile() === true) return;
  throw new JobError('NOT_FOUND', `there is no coordination file at ${file}`, {
    exitCode: EXIT.usage,
    remedy: 'Name it with --coordination or COORDINATION_URL; the first "job work" makes it.',
  });
}
