import { describe, expect, test } from 'vitest';
import { isSerialisable, type Operation } from '../src/register-history.js';

type Outcome = NonNullable<Operation['end']['outcome']>;

/** An operation that took from the one time to the other. */
function operation(op: 'create' | 'delete', from: number, to: number, outcome?: Partial<Outcome>): Operation {
  const end = outcome
    ? { from, to, outcome: { sagaId: 1, status: 'committed' as const, ...outcome } }
    : { from, to };
  return { op, groupId: 'g', end };
}

const EXISTS = { status: 'rejected', reason: 'exists' } as const;
const NOT_FOUND = { status: 'rejected', reason: 'not_found' } as const;
const IN_DOUBT = { status: 'in_doubt', direction: 'forward' } as const;

describe('histories that one order explains', () => {
  test.each<[string, Operation[], boolean, boolean]>([
    ['nothing happened', [], true, true],
    ['one after the other', [operation('create', 0, 1, {}), operation('delete', 2, 3, {})], false, false],
    [
      'at once, in the other order',
      [operation('delete', 0, 5, {}), operation('create', 1, 4, {})],
      false,
      false,
    ],
    [
      'the loser of two creates',
      [operation('create', 0, 9, EXISTS), operation('create', 1, 2, {})],
      false,
      true,
    ],
    ['in doubt, and it happened', [operation('create', 0, 1, IN_DOUBT)], false, true],
    ['in doubt, and it did not', [operation('create', 0, 1, IN_DOUBT)], false, false],
    ['in doubt, late', [operation('delete', 0, 1, IN_DOUBT), operation('create', 2, 3, EXISTS)], true, false],
    ['a call that died', [operation('delete', 0, 1)], true, false],
    ['busy changes nothing', [operation('delete', 0, 1, { status: 'rejected', reason: 'busy' })], true, true],
  ])('%s', (_, operations, first, last) => {
    expect(isSerialisable(operations, first, last)).toBe(true);
  });
});

describe('histories that no order explains', () => {
  test.each<[string, Operation[], boolean, boolean]>([
    ['a committed create is gone', [operation('create', 0, 1, {})], false, false],
    ['two creates succeed', [operation('create', 0, 9, {}), operation('create', 1, 8, {})], false, true],
    [
      'a create finds what was deleted',
      [operation('delete', 0, 1, {}), operation('create', 2, 3, EXISTS)],
      true,
      false,
    ],
    ['a delete misses what is there', [operation('delete', 0, 1, NOT_FOUND)], true, true],
    ['a record out of nothing', [operation('create', 0, 1, { status: 'compensated' })], false, true],
    ['nobody deleted it', [operation('create', 0, 1, EXISTS)], true, false],
    [
      'a conflict among users of one journal',
      [operation('delete', 0, 1, { status: 'rejected', reason: 'conflict' })],
      true,
      true,
    ],
  ])('%s', (_, operations, first, last) => {
    expect(isSerialisable(operations, first, last)).toBe(false);
  });
});
