import { describe, expect, it } from 'vitest';
import type { ItemReport } from '../src/bulk/item-report.js';
import { systemClock } from '../src/clock.js';
import { coloursFor } from '../src/output/colours.js';
import { formatDuration } from '../src/output/durations.js';
import { itemText } from '../src/output/item-lines.js';
import { Output } from '../src/output/output.js';
import { printable } from '../src/output/printable.js';
import { describeProgress, startProgressBar } from '../src/output/progress.js';
import { renderTable } from '../src/output/table.js';
import { timelineTexts } from '../src/output/timeline-lines.js';
import { Captured, CapturedTerminal } from './support/captured.js';

const ITEM: ItemReport = {
  operation: 'create',
  groupId: '5',
  status: 'committed',
  sagaId: 12,
  reason: null,
  direction: null,
  hint: null,
  waitsForLag: false,
  nodes: {},
  error: null,
  ms: 34,
};

describe('words for people', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [2_500, '2.5 s'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [14_700_000, '4 h 5 min'],
    [525_600_000, '6 d 2 h'],
    [-5, '0 ms'],
  ])('%i ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('spell out what a terminal would obey, and cut what is endless', () => {
    expect(printable('a\u001b[31m\n\u202eb')).toBe('a\\u{1b}[31m\\u{a}\\u{202e}b');
    expect(printable('x'.repeat(500))).toHaveLength(120);
  });

  it('stand in columns, numbers to the right', () => {
    expect(
      renderTable(
        ['saga', 'id'],
        [
          [9, 'a'],
          [10, 'bb'],
        ],
      ),
    ).toEqual(['saga  id', '   9  a', '  10  bb']);
    expect(renderTable(['saga'], [])).toEqual([]);
  });

  it('tell of an item what happened and what to do', () => {
    const colours = coloursFor(new Captured(), {});
    expect(itemText(ITEM, colours)).toBe('committed   5  saga 12');
    expect(itemText({ ...ITEM, status: 'rejected', reason: 'exists', hint: 'do this' }, colours)).toBe(
      'rejected    5  saga 12  exists  (do this)',
    );
    expect(itemText({ ...ITEM, status: 'in_doubt', direction: 'abort' }, colours)).toBe(
      'in_doubt    5  saga 12  goes back',
    );
  });

  it('tell behind an attempt that decided nothing when the next one came', () => {
    const at = 1_000;
    const lines = timelineTexts(
      [
        { at, event: 'attempt', step: 'n1', detail: 'POST 500 unknown' },
        { at, event: 'attempt', step: 'n2', detail: 'POST 201 yes' },
        { at: at + 40, event: 'attempt', step: 'n1', detail: 'POST not_sent' },
      ],
      { createdAt: at, ended: false },
    );
    expect(lines[1]).toMatch(/\+0 ms .*POST 500 unknown +again after 40 ms$/);
    expect(lines[2]).toMatch(/POST 201 yes$/);
    expect(lines[3]).toMatch(/\+40 ms .*POST not_sent +to be made again$/);
  });
});

describe('progress', () => {
  it('tells rate, counts and time left, and without a total neither share nor time', () => {
    const state = { done: 50, counts: '49 committed, 1 rejected' };
    expect(describeProgress(state, 100, 2_000)).toBe('50/100  25/s  49 committed, 1 rejected  2.0 s left');
    expect(describeProgress(state, null, 10_000)).toBe('50  5.0/s  49 committed, 1 rejected');
    expect(describeProgress({ done: 0, counts: '' }, 9, 0)).toContain('time left not known yet');
  });

  it('draws a bar and gives the cursor back, once however often it is stopped', () => {
    const terminal = new CapturedTerminal();
    const progress = startProgressBar(terminal, systemClock, { title: 'create', total: 2 });
    progress.update({ done: 1, counts: '1 committed' });
    progress.stop();
    const drawn = terminal.text;
    progress.stop();
    progress.update({ done: 2, counts: '2 committed' });
    expect(drawn).toContain('█'.repeat(12) + '░'.repeat(12));
    expect(drawn).toContain('1/2');
    expect(drawn.lastIndexOf('\u001b[?25h')).toBeGreaterThan(drawn.lastIndexOf('\u001b[?25l'));
    expect(terminal.text).toBe(drawn);
  });
});

describe('output', () => {
  const write = (flags: object, env = {}, terminal = false): { stdout: string; stderr: string } => {
    const stdout = terminal ? new CapturedTerminal() : new Captured();
    const stderr = terminal ? new CapturedTerminal() : new Captured();
    const output = new Output({ stdout, stderr, env }, flags);
    output.text(output.out.green('result'));
    output.object({ value: 2n ** 64n });
    output.note('note');
    output.warn('look');
    output.error('bad', 'do that');
    return { stdout: stdout.text, stderr: stderr.text };
  };

  it('keeps results and remarks apart', () => {
    expect(write({})).toEqual({
      stdout: 'result\n',
      stderr: 'note\nwarning: look\nerror: bad\n  do that\n',
    });
  });

  it('is JSON lines or text, never both', () => {
    expect(write({ json: true }).stdout).toBe('{"value":"18446744073709551616"}\n');
  });

  it('is quiet about what is only good to know', () => {
    expect(write({ quiet: true }).stderr).toBe('warning: look\nerror: bad\n  do that\n');
  });

  it('has colours on a terminal, unless NO_COLOR or a dumb terminal forbids them', () => {
    expect(write({}, {}, true).stdout).toBe('\u001b[32mresult\u001b[39m\n');
    expect(write({}, { NO_COLOR: '1' }, true).stdout).toBe('result\n');
    expect(write({}, { NO_COLOR: '' }, true).stdout).toBe('\u001b[32mresult\u001b[39m\n');
    expect(write({}, { TERM: 'dumb' }, true).stdout).toBe('result\n');
  });
});
