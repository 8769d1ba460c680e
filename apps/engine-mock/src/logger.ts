/** What the engine asks of a logger: the shape that pino and `console` share. Silent by default. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => {};

/** The default: a library never prints. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
