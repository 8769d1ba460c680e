import type { Coordinator } from '@holdfast/coordination';
import { hostMs } from '../../../harness/clock.js';
import { startCoordinator } from '../contenders/holdfast.js';
import type { ElectionSetup } from './protocol.js';
import type { Announce, Standing } from './standing.js';

/** By the coordinator's `lead`. */
export async function standByHoldfast(
  { url, ttlMs, group }: ElectionSetup,
  announce: Announce,
): Promise<Standing> {
  const coordinator = await startCoordinator(url, ttlMs);
  const end = new AbortController();
  const done = campaign(coordinator, { group, end: end.signal, announce }).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return {
    standDown: () => coordinator.standDownGroupLeader(group),
    request: () => coordinator.requestStandDown(group),
    async end() {
      end.abort();
      await done;
      await coordinator.stop();
    },
  };
}

async function campaign(
  coordinator: Coordinator,
  o: { readonly group: string; readonly end: AbortSignal; readonly announce: Announce },
): Promise<void> {
  const { group, end, announce } = o;
  while (!end.aborted) {
    await coordinator.lead(
      group,
      async ({ term, signal }) => {
        announce({ atMs: hostMs(), term });
        await aborted(signal);
      },
      { signal: end },
    );
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}
