import type { Logger } from '../../src/logger.js';

/** A logger that keeps what it is told. */
export class Lines implements Logger {
  readonly all: { readonly level: string; readonly message: string; readonly fields: object }[] = [];
  readonly debug: Logger['debug'] = this.#at('debug');
  readonly info: Logger['info'] = this.#at('info');
  readonly warn: Logger['warn'] = this.#at('warn');
  readonly error: Logger['error'] = this.#at('error');

  /** The messages of one level. */
  of(level: string): string[] {
    return this.all.filter((line) => line.level === level).map(({ message }) => message);
  }

  #at(level: string): Logger['debug'] {
    return (fields, message) => void this.all.push({ level, message, fields });
  }
}
