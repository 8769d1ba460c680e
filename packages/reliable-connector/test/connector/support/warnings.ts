import type { Logger } from '../../../src/index.js';

/** A logger that keeps the warnings. */
export function warnings(): { readonly logger: Logger; readonly warned: string[] } {
  const warned: string[] = [];
  const nothing = (): void => {};
  const logger = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (_: object, message: string) => void warned.push(message),
  };
  return { logger, warned };
}
