import type { LockContender, OpenContender } from './contender.js';
import { openEtcd3, openEtcd3Queue } from './etcd3.js';
import { openFloor } from './floor.js';
import { openHoldfast } from './holdfast.js';
import { openRedisSemaphore } from './redis-semaphore.js';
import { openRedlock } from './redlock.js';

/** The servers of the contenders. */
export interface ServerUrls {
  readonly redis: string;
  /** Null where none is installed. */
  readonly etcd: string | null;
}

/** Opens one connection of a contender to its server. */
export function openContender(contender: LockContender, urls: ServerUrls): Promise<OpenContender> {
  const { redis: url } = urls;
  switch (contender) {
    case 'floor':
      return openFloor(url);
    case 'holdfast':
      return openHoldfast(url);
    case 'redlock':
      return openRedlock(url);
    case 'redis-semaphore':
      return openRedisSemaphore(url);
    case 'etcd3':
      return openEtcd3(etcdOf(urls));
    case 'etcd3-queue':
      return openEtcd3Queue(etcdOf(urls));
  }
}

function etcdOf({ etcd }: ServerUrls): string {
  if (etcd === null) throw new Error('there is no etcd');
  return etcd;
}
