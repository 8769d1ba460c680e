import { describe, expect, test } from 'vitest';
import { done, notSent, refused, unknown } from '../../src/index.js';
import { hear } from '../connector/support/connect.js';
import { openEngine, Shop } from './support/engine.js';

const EMPTY = [false, false, false];

describe.each([
  [
    'throws',
    () => {
      throw new Error('connection reset');
    },
  ],
  ['rejects', () => Promise.reject(new Error('connection reset'))],
  ['rejects with no error', () => Promise.reject('connection reset')],
  ['says unknown', () => unknown(new Error('connection reset'))],
])('a step that %s', (_, fail) => {
  test('may have been done and may still be: it is undone now, and again when Q is over (S3)', async () => {
    const shop = new Shop();
    const spec = shop.spec();
    const engine = await openEngine([spec]);
    const settles = hear(engine, 'settle');
    let failed = false;
    shop.apply.payment = () => {
      if (failed) return refused('no money');
      failed = true;
      return fail();
    };
    expect(await engine.run(spec, null)).toMatchObject({
      status: 'rejected',
      nodes: { payment: { state: 'undone' }, stock: { state: 'undone' } },
    });
    expect([...new Set(settles.map(({ step }) => step))]).toEqual(['payment']);
    expect(shop.calls.filter((call) => call === 'undo payment').length).toBeGreaterThan(1);
    expect(shop.holding).toEqual(EMPTY);
  });
});

test('an unknown answer that is finished costs no wait (4.2)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const settles = hear(engine, 'settle');
  shop.apply.payment = ({ attempt }) =>
    attempt === 1 ? unknown(new Error('500'), { alive: false }) : refused('no money');
  await engine.run(spec, null);
  expect(settles).toEqual([]);
  expect(shop.calls.filter((call) => call === 'undo payment')).toHaveLength(1);
});

test('an undo that was sent before Q was over is repeated after it, however late its answer comes (S3)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec], { maxServerLagMs: 150 });
  const lateness: number[] = [];
  let sentAt = 0;
  shop.apply.payment = ({ attempt }) => {
    if (attempt > 1) return refused('no money');
    sentAt = performance.now();
    return unknown(new Error('no reply'));
  };
  shop.undo.payment = async () => {
    lateness.push(performance.now() - sentAt);
    // The answer of the first one comes when nothing can be late any more; the request itself was before.
    if (lateness.length === 1) await new Promise((resolve) => setTimeout(resolve, 250));
    return done();
  };
  expect(await engine.run(spec, null)).toMatchObject({ status: 'rejected' });
  expect(lateness.at(-1)).toBeGreaterThanOrEqual(150);
});

test('a step without an answer is aborted by its signal at the time-out, and counts as unknown', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec], { retry: { attemptTimeoutMs: 30 } });
  const attempts = hear(engine, 'attempt');
  let aborted = 0;
  shop.apply.payment = ({ attempt, signal }) => {
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    return attempt === 1 ? new Promise(() => {}) : done();
  };
  expect(await engine.run(spec, null)).toMatchObject({
    status: 'committed',
    nodes: { payment: { attempts: 2 } },
  });
  expect(aborted).toBe(1);
  expect(attempts.map(({ step, answer }) => `${step} ${answer}`)).toEqual([
    'stock done',
    'payment unknown',
    'payment done',
    'courier done',
  ]);
});

test('what was not sent is sent again, and leaves nothing to undo', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  shop.apply.courier = ({ attempt }) =>
    attempt < 4 ? notSent(new Error('ECONNREFUSED')) : refused('no lorry');
  await engine.run(spec, null);
  expect(shop.calls.filter((call) => call === 'apply courier')).toHaveLength(4);
  expect(shop.calls).not.toContain('undo courier');
});
