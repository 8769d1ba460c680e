import { StrategyClientError } from '../errors.js';

/**
 * Longest statement, in characters (UTF-16 units). Each takes at most 3 bytes on the wire, so that any such statement
 * stays below the default of `maxMessageBytes`.
 */
export const MAX_STATEMENT_LENGTH: number = 64 * 1024 * 1024;

/**
 * The statement as it is sent: without space around it and without one `;` at its end. Throws `INVALID_ARGUMENT` when
 * nothing is left or it is longer than `MAX_STATEMENT_LENGTH`.
 */
export function normaliseStatement(sql: string): string {
  if (typeof sql !== 'string')
    throw new StrategyClientError('INVALID_ARGUMENT', `the statement is ${typeof sql}; give SQL as text`);
  if (sql.length > MAX_STATEMENT_LENGTH)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `the statement has ${sql.length} characters; give at most ${MAX_STATEMENT_LENGTH}, or split it`,
    );
  const trimmed = sql.trim();
  const statement = trimmed.endsWith(';') ? trimmed.slice(0, -1).trimEnd() : trimmed;
  if (statement !== '') return statement;
  throw new StrategyClientError('INVALID_ARGUMENT', 'the statement is empty; give SQL');
}
