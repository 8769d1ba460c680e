import { once } from 'node:events';
import { type Campaign, Etcd3 } from 'etcd3';
import { BenchError } from '../../../harness/bench-error.js';
import { hostMs } from '../../../harness/clock.js';
import { elected } from '../contenders/etcd3.js';
import type { ElectionSetup } from './protocol.js';
import type { Announce, Standing } from './standing.js';

/** By etcd3's `Election`, a campaign for each term; a campaign's place in line, the revision of its key, is its term. */
export async function standByEtcd3(
  { url, ttlMs, group }: ElectionSetup,
  announce: Announce,
): Promise<Standing> {
  const client = new Etcd3({ hosts: url });
  const election = client.election(group, ttlMs / 1_000);
  const end = new AbortController();
  let campaign: Campaign | null = null;
  let leads = false;

  async function stand(): Promise<void> {
    while (!end.signal.aborted) {
      campaign = election.campaign('');
      const isElected = await elected(campaign, end.signal);
      const atMs = hostMs();
      leads = isElected;
      if (!isElected) break;
      const resigned = once(resignations, 'resigned');
      announce({ atMs, term: await termOf(client, campaign) });
      await resigned;
    }
    await campaign?.resign();
  }

  const resignations = new EventTarget();
  const done = stand();
  return {
    async standDown() {
      if (!leads || campaign === null) return false;
      leads = false;
      await campaign.resign();
      resignations.dispatchEvent(new Event('resigned'));
      return true;
    },
    request: () => Promise.reject(new Error('etcd3 has no way to ask for it')),
    async end() {
      end.abort();
      resignations.dispatchEvent(new Event('resigned'));
      await done;
      client.close();
    },
  };
}

async function termOf(client: Etcd3, campaign: Campaign): Promise<bigint> {
  const { kvs } = await client.get(await campaign.getCampaignKey()).exec();
  const [key] = kvs;
  if (key === undefined) throw new BenchError('WRONG_REPLY', 'the campaign that was won has no key');
  return BigInt(key.create_revision);
}
