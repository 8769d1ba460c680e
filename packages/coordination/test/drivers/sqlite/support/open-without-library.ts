import { systemClock } from '../../../../src/clock.js';
import { sqliteDriver } from '../../../../src/drivers/sqlite/index.js';
import { silentLogger } from '../../../../src/logger.js';

const opened = sqliteDriver.open({
  url: new URL('sqlite:/nowhere/x.db'),
  namespace: '_tooz',
  lockKeyFormats: ['tooz9'],
  memberId: 'a',
  clientId: 'a',
  membershipTtlMs: 1_000,
  lockTtlMs: 1_000,
  timeoutMs: 1_000,
  onHint: () => {},
  clock: systemClock,
  random: () => 0.5,
  logger: silentLogger,
});
const { code, message } = await opened.then(
  () => ({ code: 'opened', message: '' }),
  (error: { code: string; message: string }) => error,
);
process.stdout.write(JSON.stringify({ code, message }));
