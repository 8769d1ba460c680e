import { CoordinationError } from '../../errors.js';

/** What every call after `close` rejects with, and every call that was waiting then. */
export function closedError(operation: string): CoordinationError {
  return new CoordinationError(
    'NOT_STARTED',
    `${operation}: the driver is closed; start the coordinator again`,
  );
}
