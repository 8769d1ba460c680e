import { once } from 'node:events';
import { getCoordinator } from '../../src/index.js';
import type { NodePeerConfig } from './node-process.js';

/** A worker that joins, holds a lock and leads, says so, and goes on until it is killed. */
const config: NodePeerConfig = JSON.parse(process.argv[2] ?? '{}');
const { url, memberId, group, lock, shared = false, lockKeyFormat = 'tooz8-bytes' } = config;
const coordinator = getCoordinator(url, memberId, { lockKeyFormat });
await coordinator.start();
await coordinator.joinGroupCreate(group, { pid: process.pid });
await coordinator.getLock(lock).hold({ shared });
await coordinator.lead(group, async ({ signal }) => {
  process.stdout.write('ready\n');
  await once(signal, 'abort');
});
