import { bounded, type CallOptions, checkCall, type Operation } from './call.js';
import type { Clock } from './clock.js';
import type { Driver } from './driver/index.js';
import { CoordinationError } from './errors.js';
import type { Logger } from './logger.js';
import type { ResolvedOptions } from './options.js';
import { Push } from './push.js';

/** What one start of a coordinator shares among its parts: the driver, who we are, and how a call is bounded. */
export class Session {
  readonly memberId: string;
  /** Unique for each start; begins every token. */
  readonly clientId: string;
  readonly options: ResolvedOptions;
  readonly push: Push = new Push(() => this.driver);
  readonly #stopping = new AbortController();
  readonly #ended = new AbortController();
  #driver: Driver | null = null;
  #tokens = 0;

  constructor(memberId: string, clientId: string, options: ResolvedOptions) {
    this.memberId = memberId;
    this.clientId = clientId;
    this.options = options;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get logger(): Logger {
    return this.options.logger;
  }

  /** Throws `NOT_STARTED` before it is connected and after it has ended. */
  get driver(): Driver {
    if (this.#driver && !this.#ended.signal.aborted) return this.#driver;
    throw notStarted();
  }

  /** Aborts when the coordinator begins to stop: waits end, and clear up after themselves. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  stop(): void {
    this.#stopping.abort(notStarted());
  }

  /** Aborts when the coordinator has stopped: nothing may be sent any more. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  connected(driver: Driver): void {
    this.#driver = driver;
  }

  /** Frees the driver. */
  async end(): Promise<void> {
    const driver = this.#driver;
    this.stop();
    this.#ended.abort(notStarted());
    this.#driver = null;
    await driver?.close();
  }

  nextToken(): string {
    return `${this.clientId}.${(++this.#tokens).toString(36)}`;
  }

  /** Runs one operation of the driver within the caller's bounds. */
  call<T>(operation: Operation, o: CallOptions | undefined, run: (driver: Driver) => Promise<T>): Promise<T> {
    try {
      if (o) checkCall(o);
      return bounded(this.clock, operation, run(this.driver), o ?? NO_WISHES);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

const NO_WISHES: CallOptions = {};

function notStarted(): CoordinationError {
  return new CoordinationError('NOT_STARTED', 'the coordinator is not started; call start() first');
}
