import type { LockContender, OpenContender } from './contender.js';
import { openFloor } from './floor.js';
import { openHoldfast } from './holdfast.js';
import { openRedisSemaphore } from './redis-semaphore.js';
import { openRedlock } from './redlock.js';

/** Opens one connection of a contender to the server at `url`. */
export function openContender(contender: LockContender, url: string): Promise<OpenContender> {
  switch (contender) {
    case 'floor':
      return openFloor(url);
    case 'holdfast':
      return openHoldfast(url);
    case 'redlock':
      return openRedlock(url);
    case 'redis-semaphore':
      return openRedisSemaphore(url);
  }
}
