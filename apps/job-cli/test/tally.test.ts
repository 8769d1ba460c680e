import { describe, expect, it } from 'vitest';
import { type ItemReport, type ItemStatus, reportError } from '../src/bulk/item-report.js';
import { Tally } from '../src/bulk/tally.js';
import { EXIT } from '../src/exit-codes.js';
import { JobError } from '../src/job-error.js';
import { describeFailure } from '../src/output/describe-failure.js';

function item(status: ItemStatus, reason: string | null = null, waitsForLag = false): ItemReport {
  return { ...reportError('create', 'x', { code: 'X', message: 'x' }, 1), status, reason, waitsForLag };
}

function tally(...items: readonly ItemReport[]): Tally {
  const sum = new Tally();
  for (const one of items) sum.add(one);
  return sum;
}

describe('the exit code of many items', () => {
  it.each([
    ['nothing at all', [], EXIT.done],
    ['all committed or already so', [item('committed'), item('ensured')], EXIT.done],
    ['a DELETE to be repeated', [item('committed', null, true)], EXIT.done],
    ['one rejected', [item('committed'), item('rejected', 'exists')], EXIT.incomplete],
    ['one compensated', [item('compensated', 'deadline')], EXIT.incomplete],
    ['one failed', [item('failed')], EXIT.incomplete],
    ['all unavailable', [item('rejected', 'unavailable')], EXIT.unreachable],
    ['unavailable and rejected', [item('rejected', 'unavailable'), item('failed')], EXIT.incomplete],
    ['one in doubt among failures', [item('failed'), item('in_doubt')], EXIT.unsettled],
    ['one parked', [item('committed'), item('parked')], EXIT.unsettled],
    ['one left to the journal', [item('left')], EXIT.unsettled],
  ])('%s', (_, items, exitCode) => {
    expect(tally(...items).exitCode).toBe(exitCode);
  });

  it('comes with counts that add up, and at most twenty waiting ids by name', () => {
    const sum = tally(
      ...Array.from({ length: 25 }, () => item('committed', null, true)),
      item('rejected', 'busy'),
    );
    expect([sum.total, sum.done, sum.count('rejected')]).toEqual([26, 25, 1]);
    expect(sum.waiting.count).toBe(25);
    expect(sum.waiting.ids).toHaveLength(20);
    expect(sum.reasons).toEqual({ busy: 1 });
    expect(sum.describe()).toBe('25 committed, 1 rejected');
  });

  it('is left where the journal may have the saga, failed where it cannot', () => {
    const status = (code: string): ItemStatus => reportError('create', 'x', { code, message: 'x' }, 1).status;
    expect(['CLOSED', 'DEPOSED', 'JOURNAL_STOPPED'].map(status)).toEqual(['left', 'left', 'left']);
    expect(['INVALID_ARGUMENT', 'JOURNAL_BUSY'].map(status)).toEqual(['failed', 'failed']);
  });
});

describe('a failure in words', () => {
  const connectorError = (code: string): Error =>
    Object.assign(new Error('what happened'), { name: 'ReliableConnectorError', code });

  it.each([
    ['INVALID_ARGUMENT', EXIT.usage],
    ['JOURNAL_OTHER_CLUSTER', EXIT.usage],
    ['NODES_UNREACHABLE', EXIT.unreachable],
    ['JOURNAL_STOPPED', EXIT.unsettled],
    ['DEPOSED', EXIT.unsettled],
    ['JOURNAL_DAMAGED', EXIT.incomplete],
    ['MISSING_DEPENDENCY', EXIT.incomplete],
  ])('of the connector, %s, exits %i', (code, exitCode) => {
    expect(describeFailure(connectorError(code))).toMatchObject({ code, exitCode, message: 'what happened' });
  });

  it('of the command keeps its remedy, and an unforeseen one says how to learn more', () => {
    const error = new JobError('USAGE', 'no', { remedy: 'Do that.' });
    expect(describeFailure(error)).toEqual({
      code: 'USAGE',
      message: 'no',
      remedy: 'Do that.',
      exitCode: EXIT.usage,
    });
    expect(describeFailure(new TypeError('oh'))).toMatchObject({
      code: 'UNEXPECTED',
      exitCode: EXIT.incomplete,
      remedy: expect.stringContaining('--verbose'),
    });
  });
});
