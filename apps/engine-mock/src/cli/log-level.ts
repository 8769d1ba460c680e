import { EngineMockError } from '../engine-mock-error.js';

export const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The level itself, or by default `info`, and with a banner only what goes wrong. */
export function readLogLevel(level: string | undefined, welcome: boolean): string {
  if (level === undefined) return welcome ? 'warn' : 'info';
  if (LOG_LEVELS.includes(level)) return level;
  throw new EngineMockError(
    'INVALID_OPTION',
    `--log-level is ${level}; it must be one of ${LOG_LEVELS.join(', ')}`,
  );
}
