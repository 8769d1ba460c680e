import { type Campaign, Etcd3 } from 'etcd3';
import { LOCK_TTL_MS, type Locker, type OpenContender } from './contender.js';

const TTL_SECONDS = LOCK_TTL_MS / 1_000;

/** etcd3's Lock: a lease of its own, a key that must not exist, and the lease revoked. It does not wait. */
export async function openEtcd3(url: string): Promise<OpenContender> {
  const client = new Etcd3({ hosts: url });
  return {
    locker(name) {
      const lock = client.lock(name).ttl(TTL_SECONDS);
      return {
        async acquire() {
          await lock.acquire();
          return true;
        },
        release: () => lock.release(),
      };
    },
    [Symbol.asyncDispose]: async () => client.close(),
  };
}

/** etcd3's way to stand in line: a campaign in an election for each time, won when those before it have resigned. */
export async function openEtcd3Queue(url: string): Promise<OpenContender> {
  const client = new Etcd3({ hosts: url });
  return {
    locker: (name, signal) => inElection(client, name, signal),
    [Symbol.asyncDispose]: async () => client.close(),
  };
}

function inElection(client: Etcd3, name: string, signal: AbortSignal | undefined): Locker {
  const election = client.election(name, TTL_SECONDS);
  let campaign: Campaign | null = null;
  return {
    async acquire() {
      campaign = election.campaign('');
      if (await elected(campaign, signal)) return true;
      await campaign.resign();
      return false;
    },
    async release() {
      await campaign?.resign();
    },
  };
}

/** False: the waiting was ended. */
export function elected(campaign: Campaign, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(false);
    signal?.addEventListener('abort', onAbort, { once: true });
    campaign.once('elected', () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    campaign.on('error', (error: unknown) => {
      if (signal?.aborted) resolve(false);
      else reject(error);
    });
    if (signal?.aborted) resolve(false);
  });
}
