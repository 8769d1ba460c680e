import { describe, expect, it } from 'vitest';
import * as ours from '../../src/errors.js';

/** One of each, with the code that it is to have. */
const all = (from: typeof ours): [ours.CoordinationError, string][] => [
  [new from.CoordinationError('BACKEND', 'm'), 'BACKEND'],
  [new from.ConnectionError('m'), 'CONNECTION'],
  [new from.OperationTimedOut('op', 5), 'TIMED_OUT'],
  [new from.GroupNotCreated('g'), 'GROUP_NOT_CREATED'],
  [new from.GroupAlreadyExist('g'), 'GROUP_ALREADY_EXISTS'],
  [new from.GroupNotEmpty('g'), 'GROUP_NOT_EMPTY'],
  [new from.MemberAlreadyExist('g', 'm'), 'MEMBER_ALREADY_EXISTS'],
  [new from.MemberNotJoined('g', 'm'), 'MEMBER_NOT_JOINED'],
  [new from.WatchCallbackNotFound('g', () => {}), 'WATCH_CALLBACK_NOT_FOUND'],
  [new from.WatchCallbackFailed([1], [new Error('x')]), 'WATCH_CALLBACK_FAILED'],
  [new from.LockAcquireFailed('l', 'it is held'), 'LOCK_ACQUIRE_FAILED'],
  [new from.DriverChosenPoorly('memory', ['CAUSAL'], []), 'DRIVER_CHOSEN_POORLY'],
  [new from.SerializationError('m'), 'SERIALIZATION'],
  [new from.NotImplemented('m'), 'NOT_IMPLEMENTED'],
  [new from.LeadershipLost('g', 7n, { status: 'unsettled' }, 'why'), 'LEADERSHIP_LOST'],
];

describe('the errors', () => {
  it('have a code, a name, and say whether to repeat', () => {
    for (const [error, code] of all(ours)) {
      expect(error.code).toBe(code);
      expect(error.name).toBe(error.constructor.name);
      expect(error.retryable).toBe(code === 'CONNECTION' || code === 'TIMED_OUT');
      expect(error).toBeInstanceOf(Error);
      expect(error.message).not.toBe('');
    }
  });

  it('are of their own class and the base, and of no other', () => {
    const errors = all(ours).map(([error]) => error);
    for (const error of errors) {
      expect(error).toBeInstanceOf(ours.CoordinationError);
      for (const other of errors)
        if (other.constructor !== ours.CoordinationError)
          expect(error instanceof (other.constructor as typeof ours.CoordinationError)).toBe(error === other);
    }
  });

  it('are the same across two copies of the package', async () => {
    const copy: typeof ours = await import('../../src/errors.js?copy' as string);
    expect(copy.CoordinationError).not.toBe(ours.CoordinationError);
    for (const [from, to] of [
      [ours, copy],
      [copy, ours],
    ] as const)
      for (const [error] of all(from)) {
        expect(error).toBeInstanceOf(to.CoordinationError);
        for (const [other] of all(to)) {
          const same = other.name === error.name || other.name === 'CoordinationError';
          expect(error instanceof (other.constructor as typeof ours.CoordinationError)).toBe(same);
        }
      }
  });

  it('are not confused with what only looks alike', () => {
    const fake = Object.assign(new Error('m'), { name: 'ConnectionError', code: 'CONNECTION' });
    for (const value of [fake, null, undefined, 'ConnectionError', 7, {}, new Error('m')]) {
      expect((value as unknown) instanceof ours.CoordinationError).toBe(false);
      expect((value as unknown) instanceof ours.ConnectionError).toBe(false);
    }
  });

  it('can be extended', () => {
    class Mine extends ours.ConnectionError {}
    class Other extends ours.ConnectionError {}
    const mine = new Mine('m');
    expect(mine).toBeInstanceOf(Mine);
    expect(mine).toBeInstanceOf(ours.ConnectionError);
    expect(mine).toBeInstanceOf(ours.CoordinationError);
    expect(mine).not.toBeInstanceOf(Other);
    expect(new ours.ConnectionError('m')).not.toBeInstanceOf(Mine);
  });

  it('keep their cause', () => {
    const cause = new Error('why');
    expect(new ours.ConnectionError('m', { cause }).cause).toBe(cause);
    expect(new ours.CoordinationError('BACKEND', 'm', { cause }).cause).toBe(cause);
    expect(new ours.WatchCallbackFailed([], [cause, new Error('two')]).cause).toBe(cause);
    expect(new ours.LeadershipLost('g', 1n, { status: 'rejected', reason: cause }, 'w').cause).toBe(cause);
  });

  it('name the input, the limit and the remedy', () => {
    expect(new ours.OperationTimedOut('getGroups()', 5).message).toBe(
      'getGroups() had no answer within 5 ms (timeoutMs); it may still take effect. Repeat it, or give it longer',
    );
    expect(new ours.MemberAlreadyExist('g', 'm').message).toBe(
      'member "m" has already joined "g"; member ids must be unique',
    );
    expect(new ours.WatchCallbackFailed([1, 2], [new Error('x')]).message).toContain(
      '1 of 3 callbacks failed',
    );
    expect(new ours.LeadershipLost('g', 7n, { status: 'unsettled' }, 'why').message).toBe(
      'term 7 of "g" was lost (why); stand for election again',
    );
  });
});
