import type { Clock } from '../clock.js';
import { StrategyClientError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Durations } from '../manager/metrics.js';
import { clusterService } from '../protocol/index.js';
import type { ResumeVerdict } from '../recovery/resume.js';
import { sleep, unlessAborted } from '../sleep.js';
import type { Headers } from './headers.js';
import type { EngineTransport } from './transport.js';

/** What `ClusterResume` works with. */
export interface ClusterResumeOptions {
  readonly transport: EngineTransport;
  readonly headers: Headers;
  readonly username: string;
  readonly password: string;
  /** How long a resume may take. */
  readonly timeoutMs: number;
  /** How often to ask whether the cluster is active. */
  readonly pollMs: number;
  readonly callTimeoutMs: number;
  readonly durations: Durations;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Wakes a suspended cluster (engine-wire 1.4). One resume at a time: whoever meets a 503 meanwhile waits for it. Only a
 * status `suspended` or `resuming` proves that the call which got the 503 was not processed.
 */
export class ClusterResume {
  readonly #o: ClusterResumeOptions;
  readonly #closing = new AbortController();
  #flight: Promise<ResumeVerdict> | null = null;

  constructor(o: ClusterResumeOptions) {
    this.#o = o;
  }

  /** As `Resume`. */
  resume(cause: unknown, signal: AbortSignal | undefined): Promise<ResumeVerdict> {
    this.#flight ??= this.#run(cause).finally(() => {
      this.#flight = null;
    });
    return unlessAborted(this.#flight, signal);
  }

  close(): void {
    this.#closing.abort(new StrategyClientError('CLOSED', 'the connection is closed; open a new one'));
  }

  async #run(cause: unknown): Promise<ResumeVerdict> {
    const { clock, timeoutMs, pollMs, logger, durations } = this.#o;
    const first = await this.#status();
    if (first !== 'suspended' && first !== 'resuming') return 'not-suspended';
    const began = clock.monotonic();
    logger.info({}, 'the cluster is suspended and is resumed');
    if (first === 'suspended') await this.#ask();
    for (let status = await this.#status(); status !== 'active'; status = await this.#status()) {
      if (status === 'failed') throw failed('its status is failed', cause);
      if (clock.monotonic() - began >= timeoutMs)
        throw failed(`it is ${status ?? 'silent'} after ${timeoutMs} ms (autoResumeTimeoutMs)`, cause);
      await sleep(clock, pollMs, this.#closing.signal);
      // The request may have been lost, or the cluster has fallen asleep again.
      if (status === 'suspended') await this.#ask();
    }
    durations.add(clock.monotonic() - began);
    return 'resumed';
  }

  async #ask(): Promise<void> {
    try {
      await this.#send('resume');
    } catch (err) {
      this.#closing.signal.throwIfAborted();
      this.#o.logger.debug({ err }, 'a resume had no answer');
    }
  }

  /** In lower case; null when there is no answer. */
  async #status(): Promise<string | null> {
    try {
      return (await this.#send('status')).status.toLowerCase();
    } catch (err) {
      this.#closing.signal.throwIfAborted();
      this.#o.logger.debug({ err }, 'the cluster does not tell its status');
      return null;
    }
  }

  #send(what: 'status' | 'resume'): Promise<{ readonly status: string }> {
    const { transport, headers, username: user, password, callTimeoutMs } = this.#o;
    return transport.send(
      clusterService[what],
      { user, password },
      { headers: headers.cluster, timeoutMs: callTimeoutMs, signal: this.#closing.signal },
    );
  }
}

function failed(why: string, cause: unknown): StrategyClientError {
  return new StrategyClientError(
    'RESUME_FAILED',
    `the suspended cluster does not become active: ${why}; resume it by hand, or give it longer`,
    { cause },
  );
}
