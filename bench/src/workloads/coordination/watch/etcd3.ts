import { once } from 'node:events';
import { Etcd3, type Lease } from 'etcd3';
import { LOCK_TTL_MS } from '../contenders/contender.js';
import type { Watched } from './protocol.js';

const PREFIX = 'watched/';

/** As etcd3's documentation has members: a key under a lease of its own, and a watch of the prefix. */
export async function openWatchedEtcd3(url: string): Promise<Watched> {
  const [member, client] = [new Etcd3({ hosts: url }), new Etcd3({ hosts: url })];
  const watcher = await client.watch().prefix(PREFIX).create();
  let lease: Lease | null = null;
  return {
    async join() {
      const heard = once(watcher, 'put');
      lease = member.lease(LOCK_TTL_MS / 1_000);
      await Promise.all([heard, lease.put(`${PREFIX}member`).value('')]);
    },
    async leave() {
      await Promise.all([once(watcher, 'delete'), lease?.revoke()]);
    },
    async [Symbol.asyncDispose]() {
      await watcher.cancel();
      member.close();
      client.close();
    },
  };
}
