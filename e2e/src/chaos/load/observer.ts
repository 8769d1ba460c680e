import { type Coordinator, getCoordinator } from '@holdfast/coordination';
import type { Recorder } from '../recorder.js';
import { LEASE_MS, WORKER_GROUP } from '../setting.js';

/** Ms; a backend that is gone does not answer. */
const STOP_MS = 2_000;

/** Follows who leads according to the coordination backend, outside of the workers. */
export class Observer {
  readonly #coordinator: Coordinator;
  readonly #recorder: Recorder;
  readonly #stop = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(url: string, recorder: Recorder) {
    this.#coordinator = getCoordinator(url, 'chaos-observer', {
      membershipTtlMs: LEASE_MS,
      lockTtlMs: LEASE_MS,
    });
    this.#recorder = recorder;
  }

  /** @param failed told when it can follow no more. */
  async start(failed: (error: unknown) => void): Promise<void> {
    await this.#coordinator.start();
    this.#following = this.#follow().catch(failed);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#coordinator.stop({ timeoutMs: STOP_MS });
  }

  async #follow(): Promise<void> {
    for await (const event of this.#coordinator.events(WORKER_GROUP, { signal: this.#stop.signal })) {
      const { type } = event;
      const id = type === 'snapshot' ? event.leader : type === 'elected' ? event.memberId : undefined;
      if (typeof id !== 'string' || !('term' in event) || event.term === undefined) continue;
      this.#recorder.add({ type: 'elected', at: this.#recorder.now(), id, term: String(event.term) });
    }
  }
}
