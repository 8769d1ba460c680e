import { expect, test } from 'vitest';
import { ReliableConnectorError, type ReliableConnectorErrorCode } from '../../src/index.js';

/** The class once more, as a program has it that got two copies of the package. */
async function secondCopy(): Promise<typeof ReliableConnectorError> {
  const path = '../../src/errors.js?second-copy';
  const copy = (await import(path)) as { ReliableConnectorError: typeof ReliableConnectorError };
  return copy.ReliableConnectorError;
}

test('instanceof holds across two copies of the class, and for nothing else', async () => {
  const Other = await secondCopy();
  expect(Other).not.toBe(ReliableConnectorError);
  const [ours, theirs] = [new ReliableConnectorError('CLOSED', 'ours'), new Other('CLOSED', 'theirs')];
  expect([ours instanceof Other, theirs instanceof ReliableConnectorError]).toEqual([true, true]);
  expect([ours instanceof Error, theirs instanceof Error]).toEqual([true, true]);
  for (const other of [
    new Error('CLOSED'),
    { code: 'CLOSED', name: 'ReliableConnectorError' },
    null,
    undefined,
    'CLOSED',
  ])
    expect(other instanceof ReliableConnectorError).toBe(false);
});

const RETRYABLE: readonly [ReliableConnectorErrorCode, boolean][] = [
  ['INVALID_ARGUMENT', false],
  ['IDEMPOTENCY_MISMATCH', false],
  ['SAGA_NOT_FOUND', false],
  ['MISSING_DEPENDENCY', false],
  ['JOURNAL_OTHER_CLUSTER', false],
  ['JOURNAL_DAMAGED', false],
  ['JOURNAL_TOO_NEW', false],
  ['JOURNAL_STOPPED', false],
  ['JOURNAL_BUSY', true],
  ['LEADERSHIP_STALE', false],
  ['LEADERSHIP_LOST', false],
  ['DEPOSED', true],
  ['CLOSED', false],
  ['NODES_UNREACHABLE', true],
];

test.each(RETRYABLE)('%s: retryable is %s', (code, retryable) => {
  expect(new ReliableConnectorError(code, 'why')).toMatchObject({
    name: 'ReliableConnectorError',
    code,
    retryable,
    message: 'why',
  });
});

test('the cause is kept, and its mark is not shown', () => {
  const cause = new Error('disk full');
  const error = new ReliableConnectorError('JOURNAL_STOPPED', 'stopped', { cause });
  expect(error.cause).toBe(cause);
  expect(Object.keys(error).sort()).toEqual(['code', 'name', 'retryable']);
  expect(new ReliableConnectorError('CLOSED', 'no cause')).not.toHaveProperty('cause');
});
