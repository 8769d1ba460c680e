import { NO_CAPABILITIES, type Probe } from '../probe.js';
import type { Trial } from '../trial.js';
import { until } from '../until.js';

/** The shortest lease that the options allow, ms: what the suite lets end. */
export const SHORT_MS = 100;
/** A lease that outlasts a stall of a busy machine, yet is over soon, ms: for what has to be kept alive. */
export const BRIEF_MS = 400;

/** A client whose member dies soon after its last beat. */
export const mortal = (t: Trial, memberId: string, membershipTtlMs: number = SHORT_MS): Promise<Probe> =>
  t.probe(memberId, { membershipTtlMs });

/**
 * Joins `group` and falls silent: resolves when the member's beat is over, though nobody has removed it from `group` yet.
 * That it is over shows in another group, which alone is read.
 */
export async function joinAndDie(
  t: Trial,
  probe: Probe,
  group: string,
  capabilities: Uint8Array = NO_CAPABILITIES,
): Promise<number> {
  const reply = await probe.join(group, { capabilities });
  if (reply.status !== 'joined') throw new Error(`the join was answered ${reply.status}`);
  await die(t, probe);
  return reply.incarnation;
}

/** Resolves when the client's last beat is over. */
export async function die(t: Trial, probe: Probe): Promise<void> {
  const canary = `canary-${probe.context.clientId}`;
  await probe.join(canary);
  const reader = await t.probe(`reader-of-${canary}`);
  await until('the silent member is dead', async () => !(await reader.members(canary))?.has(probe.memberId));
  await reader.driver.close();
}
