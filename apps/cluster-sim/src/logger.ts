/** What the simulator asks of a logger: the shape that pino and `console` share. Silent by default. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** pino's question; without it a request is not logged one by one. */
  isLevelEnabled?(level: string): boolean;
}

const nothing = (): void => {};

/** The default: a library never prints. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Whether each request is worth a line: only at level debug, since composing it costs as much as the request. */
export function logsEachRequest(logger: Logger): boolean {
  return logger.isLevelEnabled?.('debug') ?? false;
}
