import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../../../src/clock.js';
import type { AcquireReply, Driver, Hint } from '../../../../src/driver/index.js';
import { sqliteDriver } from '../../../../src/drivers/sqlite/index.js';
import { silentLogger } from '../../../../src/logger.js';
import { systemRandom } from '../../../../src/random.js';
import type { Task, Word } from './processes.js';

const task: Task = JSON.parse(process.argv[2] ?? '');
const LOCK = { kind: 'lock', id: 'l', text: true } as const;
const timing = { waiterTtlMs: 60_000, claimTimeoutMs: 1_000 };
/** Who waits for which token's turn. */
const waiting = new Map<string, () => void>();

const say = (word: Word): void => void process.send?.(word);

async function open(): Promise<Driver> {
  const driver = await sqliteDriver.open({
    url: new URL(`sqlite:${task.path}`),
    namespace: '_tooz',
    lockKeyFormats: ['tooz9'],
    memberId: task.id,
    clientId: task.id,
    membershipTtlMs: 5_000,
    lockTtlMs: 5_000,
    timeoutMs: 10_000,
    onHint: hear,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  await driver.listen(new Set(['g']));
  return driver;
}

function hear(hint: Hint): void {
  if (task.do === 'listen') say({ word: 'hint', hint });
  if (hint.type === 'turn') setTimeout(() => waiting.get(hint.token)?.(), hint.afterMs).unref();
}

/** As a coordinator waits: until a hint, or until the reply's time is over. */
async function acquire(driver: Driver, token: string, ttlMs: number): Promise<AcquireReply> {
  for (;;) {
    const reply = await driver.acquire({
      lock: LOCK,
      token,
      mode: 'exclusive',
      wait: true,
      ttlMs,
      ...timing,
    });
    if (reply.status !== 'queued') return reply;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      waiting.set(token, resolve);
      if (reply.retryAfterMs !== null) timer = setTimeout(resolve, reply.retryAfterMs);
    });
    clearTimeout(timer);
    waiting.delete(token);
  }
}

/** Counts up a number in a file that nothing but the lock guards, until told to stop. */
async function count(driver: Driver, counter: string): Promise<void> {
  let stopped = false;
  process.once('message', () => {
    stopped = true;
  });
  for (let number = 1; !stopped; number++) {
    const token = `${task.id}.${number}`;
    const reply = await acquire(driver, token, 20_000);
    const before = Number(readFileSync(counter, 'utf8'));
    await new Promise(setImmediate);
    writeFileSync(counter, String(before + 1));
    say({ word: 'counted', fence: reply.status === 'granted' ? reply.fence : 0 });
    await driver.release({ lock: LOCK, token, mode: 'exclusive' });
  }
}

const driver = await open();
say({ word: 'ready' });
switch (task.do) {
  case 'hold':
    say({ word: 'held', reply: await acquire(driver, `${task.id}.1`, task.ttlMs) });
    break;
  case 'listen':
    if (task.wait)
      await driver.acquire({
        lock: LOCK,
        token: `${task.id}.1`,
        mode: 'exclusive',
        wait: true,
        ttlMs: 60_000,
        ...timing,
      });
    say({ word: 'listening' });
    break;
  case 'count':
    await new Promise((resolve) => process.once('message', resolve));
    await count(driver, task.counter);
    await driver.close();
    process.disconnect();
    break;
}
