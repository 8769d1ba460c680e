import assert from 'node:assert/strict';
import { LeadershipLost } from '../../errors.js';
import { fails } from '../fails.js';
import { gate } from '../gate.js';
import { lockKey } from '../probe.js';
import type { Cases } from '../trial.js';
import { soon, until } from '../until.js';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Terms, and how they end. */
export const electionScenarios: Cases = {
  'B19 a leader that was asked hands over after its work has settled, and not before': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b'], { lockTtlMs: 3_000 });
    await a.createGroup('g');
    const [told, finish] = [gate(), gate()];
    const log: string[] = [];
    const terms: bigint[] = [];
    const leading = a.lead('g', async ({ term, signal }) => {
      terms.push(term);
      await aborted(signal);
      log.push('a was told');
      told.open();
      await finish.passed;
      log.push('a has settled');
      return 'a’s value';
    });
    await until('a leads', async () => (await b.getLeader('g')) === 'a');
    const next = b.lead('g', async ({ term }) => {
      terms.push(term);
      log.push('b leads');
      return 'b’s value';
    });
    assert.equal(await b.requestStandDown('g'), true);
    await soon('the word to a', told.passed);
    assert.equal(await b.getLeader('g'), 'a');
    finish.open();
    assert.equal(await soon('a', leading), 'a’s value');
    assert.equal(await soon('b', next), 'b’s value');
    assert.deepEqual(log, ['a was told', 'a has settled', 'b leads']);
    const [first, second] = terms;
    assert.ok(first !== undefined && second !== undefined && second > first, `${second} follows ${first}`);
    assert.equal(await a.requestStandDown('g'), false, 'nobody leads');
  },

  'B19 a coordinator that stops lets its work settle first': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const log: string[] = [];
    const begun = gate();
    const leading = a.lead('g', async ({ signal }) => {
      begun.open();
      await aborted(signal);
      log.push('a has settled');
      return 7;
    });
    await begun.passed;
    const next = b.lead('g', async () => void log.push('b leads'));
    await a.stop();
    await soon('b', next);
    assert.equal(await leading, 7);
    assert.deepEqual(log, ['a has settled', 'b leads']);
  },

  'B20 a leader whose record is gone hears that it lost, and the next one follows': async (t) => {
    const [a, b, observer] = await t.coordinators(['a', 'b', 'observer'], { lockTtlMs: 3_000 });
    const stranger = await t.probe('stranger');
    await a.createGroup('g');
    const begun = gate();
    const seen: (string | null | undefined)[] = [];
    const leading = a.lead('g', async ({ signal }) => {
      begun.open();
      await aborted(signal);
      return 'what it came to';
    });
    await begun.passed;
    seen.push(await observer.getLeader('g'));
    const lost = fails(leading, 'LEADERSHIP_LOST');
    assert.equal(await stranger.driver.revoke(lockKey('g', 'leader'), 'break'), true);
    seen.push(await observer.getLeader('g'));
    const error = await lost;
    assert.ok(error instanceof LeadershipLost);
    assert.deepEqual(error.outcome, { status: 'fulfilled', value: 'what it came to' });
    seen.push(await observer.getLeader('g'));
    await b.lead('g', async ({ term }) => {
      assert.ok(term > error.term);
      seen.push(await observer.getLeader('g'));
    });
    seen.push(await observer.getLeader('g'));
    assert.deepEqual(seen, ['a', null, null, 'b', null]);
  },

  'a term whose work fails is over, and the error is its caller’s': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    const failure = new Error('the work failed');
    await assert.rejects(
      a.lead('g', () => Promise.reject(failure)),
      (error) => error === failure,
    );
    assert.equal(await a.getLeader('g'), null);
  },

  'a candidate that gives up leaves no place behind': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const [begun, finish, abort] = [gate(), gate(), new AbortController()];
    const leading = a.lead('g', async () => {
      begun.open();
      await finish.passed;
    });
    await begun.passed;
    const waiting = b.lead('g', async () => 'never', { signal: abort.signal });
    const observer = await t.probe('observer');
    const waiters = async (): Promise<number> =>
      (await observer.driver.inspect(lockKey('g', 'leader'))).waiters.length;
    await until('b waits', async () => (await waiters()) === 1);
    abort.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    assert.equal(await waiters(), 0);
    finish.open();
    await leading;
    assert.equal(await b.getLeader('g'), null);
  },
};
