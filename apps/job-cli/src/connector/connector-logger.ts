import type { Logger } from '@holdfast/reliable-connector';
import { pino } from 'pino';
import { JobError } from '../job-error.js';
import type { JobIo } from '../job-io.js';

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'];

/**
 * The connector's own log as JSON lines on standard error, at the level of `HOLDFAST_LOG_LEVEL` (default silent: the
 * command says what matters).
 *
 * @throws JobError for a level that does not exist.
 */
export function connectorLogger(io: Pick<JobIo, 'env' | 'stderr'>): Logger {
  const level = io.env['HOLDFAST_LOG_LEVEL'] || 'silent';
  if (!LEVELS.includes(level)) {
    throw new JobError('CONFIG', `HOLDFAST_LOG_LEVEL is ${JSON.stringify(level)}`, {
      remedy: `Use one of ${LEVELS.join(', ')}.`,
    });
  }
  return pino({ level, base: null }, { write: (line: string) => void io.stderr.write(line) });
}
