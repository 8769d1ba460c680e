import type { DriverContext, Hint } from '../../driver/index.js';
import type { Notice } from './notices.js';

/** What one client hears of the notices of all: its own tokens and the groups that it asked for. */
export class Audience {
  readonly #context: DriverContext;
  readonly #ownTokens: string;
  #groups: ReadonlySet<string> = new Set();
  #closed = false;

  constructor(context: DriverContext) {
    this.#context = context;
    this.#ownTokens = `${context.clientId}.`;
  }

  /** Replaces the groups. */
  watch(groups: ReadonlySet<string>): void {
    this.#groups = new Set(groups);
  }

  close(): void {
    this.#closed = true;
  }

  /**
   * Passes on what concerns this client, once per group, and after the present turn of the event loop: whoever caused
   * it has its own reply by then.
   */
  readonly hear = (notices: readonly Notice[]): void => {
    const mine = notices.filter((notice) => this.#concerns(notice));
    if (mine.length > 0) setImmediate(() => this.#deliver(mine));
  };

  #concerns(notice: Notice): boolean {
    switch (notice.type) {
      case 'group':
        return this.#groups.has(notice.group);
      case 'reset':
        return true;
      default:
        return notice.token.startsWith(this.#ownTokens);
    }
  }

  #deliver(notices: readonly Notice[]): void {
    const groups = new Set<string>();
    for (const notice of notices) {
      if (this.#closed) return;
      if (notice.type === 'group') {
        if (groups.has(notice.group)) continue;
        groups.add(notice.group);
      }
      try {
        this.#context.onHint(this.#hintOf(notice));
      } catch (err) {
        this.#context.logger.error(
          { err, type: notice.type },
          'a hint was not taken; polling makes up for it',
        );
      }
    }
  }

  #hintOf(notice: Notice): Hint {
    if (notice.type !== 'turn') return notice;
    const afterMs = Math.max(0, notice.at - this.#context.clock.monotonic());
    return { type: 'turn', token: notice.token, afterMs };
  }
}
