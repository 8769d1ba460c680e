import { expect, it } from 'vitest';
import { MAX_STATEMENT_LENGTH, normaliseStatement } from '../../src/parameters/index.js';
import { refusal } from './refusal.js';

it.each([
  ['SELECT 1', 'SELECT 1'],
  ['  SELECT 1 ;\n', 'SELECT 1'],
  ['SELECT 1;;', 'SELECT 1;'],
  ["SELECT ';'", "SELECT ';'"],
])('%j becomes %j', (sql, statement) => {
  expect(normaliseStatement(sql)).toBe(statement);
});

it.each(['', ' \n\t', ';', ' ; '])('refuses %j as empty', (sql) => {
  expect(refusal(() => normaliseStatement(sql))).toBe('the statement is empty; give SQL');
});

it('refuses what is too long or no text', () => {
  expect(refusal(() => normaliseStatement('x'.repeat(MAX_STATEMENT_LENGTH + 1)))).toContain(
    `give at most ${MAX_STATEMENT_LENGTH}`,
  );
  // @ts-expect-error SQL is text
  expect(refusal(() => normaliseStatement(undefined))).toContain('the statement is undefined');
});
