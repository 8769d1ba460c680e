import { StrategyClientError } from '../../src/errors.js';

/** The message with which `action` refuses its argument. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof StrategyClientError && error.code === 'INVALID_ARGUMENT') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}
