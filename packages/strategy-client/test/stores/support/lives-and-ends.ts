import { systemClock } from '../../../src/clock.js';
import { silentLogger } from '../../../src/logger.js';
import { systemRandom } from '../../../src/random.js';
import { redisStore } from '../../../src/stores/redis/index.js';

/** A process that uses a store at each URL, disposes of it and ends by itself; prints what the last writes came to. */
const context = { clock: systemClock, logger: silentLogger, random: systemRandom };
const said: unknown[] = [];
for (const url of process.argv.slice(2)) {
  await using store = redisStore(url)({ target: 'engine.example:443', cluster: 'ends' }, context);
  store.subscribe(() => {});
  said.push(
    await store.compareAndSet('', { strategy: 'blue', lastCheckTime: 1 }).then(
      (version) => typeof version,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    ),
  );
}
process.stdout.write(JSON.stringify(said));
