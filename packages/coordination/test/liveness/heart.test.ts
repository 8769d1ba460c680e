import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.js';
import { Heart } from '../../src/liveness/heart.js';
import type { Logger } from '../../src/logger.js';
import { type Deferred, deferred } from '../coordinator/deferred.js';
import { ManualClock } from '../support/manual-clock.js';

const INTERVAL_MS = 3_000;

let clock: ManualClock;
let heart: Heart;
/** When beats were sent, by the monotonic clock from the start of the test. */
let sent: number[];
let beat: () => Promise<void>;
let warnings: string[];

beforeEach(() => {
  clock = new ManualClock(0, 0);
  sent = [];
  warnings = [];
  beat = async () => {};
  const nothing = (): void => {};
  const logger: Logger = {
    debug: nothing,
    info: nothing,
    warn: (_: object, message: string) => void warnings.push(message),
    error: nothing,
  };
  heart = new Heart({
    clock,
    logger,
    intervalMs: INTERVAL_MS,
    beat: () => {
      sent.push(clock.monotonic());
      return beat();
    },
  });
});
afterEach(async () => {
  await heart.stop();
  expect(clock.timers).toBe(0);
});

const failing = async (): Promise<void> => {
  throw new ConnectionError('nobody answers');
};

describe('the heart', () => {
  it('beats at once, and then once in each interval', async () => {
    heart.start();
    expect(heart.isAlive).toBe(true);
    await clock.advanceAsync(4 * INTERVAL_MS);
    expect(sent).toEqual([0, 3_000, 6_000, 9_000, 12_000]);
    expect(heart.beats).toBe(5);
  });

  it('is started once', async () => {
    heart.start();
    heart.start();
    await clock.advanceAsync(INTERVAL_MS);
    expect(sent).toEqual([0, 3_000]);
  });

  it('counts from its latest start', async () => {
    heart.start();
    await clock.advanceAsync(INTERVAL_MS);
    await heart.stop();
    expect([heart.isAlive, heart.beats]).toEqual([false, 2]);
    heart.start();
    await clock.advanceAsync(0);
    expect([heart.isAlive, heart.beats]).toEqual([true, 1]);
  });

  it('takes the time that a beat needs off its pause', async () => {
    let answer = deferred();
    beat = () => answer.promise;
    heart.start();
    await clock.advanceAsync(1_000);
    answer.resolve();
    answer = deferred();
    answer.resolve();
    await clock.advanceAsync(2_000);
    expect(sent).toEqual([0, 3_000]);
  });

  it('tries again soon after an error, and reports an outage once a minute', async () => {
    beat = failing;
    heart.start();
    await clock.advanceAsync(3_000);
    expect(sent).toEqual([0, 1_000, 2_000, 3_000]);
    expect([heart.beats, heart.isAlive, warnings.length]).toEqual([0, true, 1]);
    await clock.advanceAsync(56_999);
    expect(warnings).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(warnings).toHaveLength(2);
    beat = async () => {};
    await clock.advanceAsync(1_000 + INTERVAL_MS);
    expect(heart.beats).toBe(2);
    expect(sent.slice(-2)).toEqual([61_000, 64_000]);
  });

  it('does not wait for a beat that hangs longer than the interval, and applies its answer when it comes', async () => {
    const first = deferred();
    beat = () => first.promise;
    heart.start();
    await clock.advanceAsync(INTERVAL_MS - 1);
    beat = async () => {};
    expect(sent).toEqual([0]);
    await clock.advanceAsync(1);
    expect(sent).toEqual([0, 3_000]);
    first.reject(new ConnectionError('much too late'));
    await clock.advanceAsync(INTERVAL_MS);
    expect([sent.length, heart.beats, warnings]).toEqual([3, 2, []]);
  });

  it('hurries when something has happened to what it keeps', async () => {
    heart.start();
    await clock.advanceAsync(1_000);
    heart.hurry();
    await clock.advanceAsync(INTERVAL_MS);
    expect(sent).toEqual([0, 1_000, 4_000]);
  });

  it('that is hurried while a beat is under way beats once more after it', async () => {
    const first = deferred();
    beat = () => first.promise;
    heart.start();
    await clock.advanceAsync(500);
    heart.hurry();
    heart.hurry();
    expect(sent).toEqual([0]);
    beat = async () => {};
    first.resolve();
    await clock.advanceAsync(0);
    expect(sent).toEqual([0, 500]);
    await clock.advanceAsync(INTERVAL_MS);
    expect(sent).toEqual([0, 500, 3_500]);
  });

  it('does not hurry unless it beats', async () => {
    heart.hurry();
    await clock.advanceAsync(2 * INTERVAL_MS);
    expect(sent).toEqual([]);
  });

  it('stops when the beat under way has settled, whether well or not', async () => {
    for (const settle of [
      (answer: Deferred<void>) => answer.resolve(),
      (answer: Deferred<void>) => answer.reject(new ConnectionError('nobody answers')),
    ]) {
      const answer = deferred();
      beat = () => answer.promise;
      heart.start();
      let stopped = false;
      const stopping = heart.stop().then(() => {
        stopped = true;
      });
      expect(heart.isAlive).toBe(false);
      await clock.advanceAsync(INTERVAL_MS - 1);
      expect(stopped).toBe(false);
      settle(answer);
      await stopping;
      const before = sent.length;
      await clock.advanceAsync(2 * INTERVAL_MS);
      expect(sent.length).toBe(before);
    }
  });

  it('stops after an interval though the beat under way hangs', async () => {
    beat = () => new Promise(() => {});
    heart.start();
    const stopping = heart.stop();
    await clock.advanceAsync(INTERVAL_MS);
    await stopping;
    expect(clock.timers).toBe(0);
  });

  it('that is started again before it has stopped beats once in each interval, and stops', async () => {
    const slow = deferred();
    beat = () => slow.promise;
    heart.start();
    const stopping = heart.stop();
    beat = async () => {};
    heart.start();
    await clock.advanceAsync(1_000);
    slow.resolve();
    await stopping;
    expect([heart.beats, clock.timers]).toEqual([1, 1]);
    await clock.advanceAsync(3 * INTERVAL_MS);
    expect(sent).toEqual([0, 0, 3_000, 6_000, 9_000]);
    await heart.stop();
    expect(clock.timers).toBe(0);
    await clock.advanceAsync(INTERVAL_MS);
    expect(sent).toHaveLength(5);
  });

  it('that cannot beat at all says so, and is not alive', () => {
    beat = () => {
      throw new Error('not started');
    };
    expect(() => heart.start()).toThrow('not started');
    expect([heart.isAlive, clock.timers]).toEqual([false, 0]);
  });

  it('survives a beat that throws while it beats', async () => {
    heart.start();
    await clock.advanceAsync(0);
    beat = () => {
      throw new Error('a bug');
    };
    await clock.advanceAsync(INTERVAL_MS);
    beat = async () => {};
    await clock.advanceAsync(INTERVAL_MS);
    expect(heart.beats).toBe(2);
    expect(warnings).toHaveLength(1);
  });
});
