import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';

/** What `ClusterService/status` answers. Everything but `active` makes the router answer 503. */
export type ClusterStatus = 'active' | 'suspended' | 'resuming' | 'failed';

export interface ClusterStateOptions {
  readonly suspended: boolean;
  readonly resumeDelayMs: number;
  /** Whether a resume ends in `failed`. */
  readonly resumeFails: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whether the cluster runs. Sessions and queries outlive a suspension. */
export class ClusterState {
  readonly #options: ClusterStateOptions;
  #status: ClusterStatus;
  #cancel: () => void = () => {};

  constructor(options: ClusterStateOptions) {
    this.#options = options;
    this.#status = options.suspended ? 'suspended' : 'active';
  }

  get status(): ClusterStatus {
    return this.#status;
  }

  /** Takes effect at once, also while the cluster resumes. */
  suspend(): void {
    this.#cancel();
    this.#enter('suspended');
  }

  /** Begins to resume; done after `resumeDelayMs`. Without effect on a cluster that runs or is on its way. */
  resume(): void {
    if (this.#status === 'active' || this.#status === 'resuming') return;
    const { clock, resumeDelayMs, resumeFails } = this.#options;
    this.#enter('resuming');
    this.#cancel = clock.schedule(resumeDelayMs, () => this.#enter(resumeFails ? 'failed' : 'active'));
  }

  close(): void {
    this.#cancel();
  }

  #enter(status: ClusterStatus): void {
    this.#status = status;
    this.#options.logger.info({ status }, 'the cluster changes its status');
  }
}
