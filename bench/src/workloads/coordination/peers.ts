import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../harness/entries.js';
import type { LockContender } from './contenders/contender.js';

/** Contenders with their versions, for people: the benchmark's package.json names them exactly. */
export async function contenderNames(): Promise<Readonly<Record<LockContender, string>>> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'bench/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return {
    floor: `two scripts on ioredis ${dependencies['ioredis']}`,
    holdfast: 'holdfast',
    redlock: `redlock ${dependencies['redlock']}`,
    'redis-semaphore': `redis-semaphore ${dependencies['redis-semaphore']}`,
    etcd3: `etcd3 ${dependencies['etcd3']}`,
    'etcd3-queue': `etcd3 ${dependencies['etcd3']}, by elections`,
  };
}
