import type { Driver, DriverDefinition, LockReading } from '@holdfast/coordination';
import { WORKER_GROUP } from './worker-group.js';

const LOCK = Object.freeze({ kind: 'leader', id: WORKER_GROUP, text: true } as const);

/**
 * The lock under the workers' election, which a coordinator itself neither shows nor breaks: an operator's view, on the
 * driver that the coordinator has opened.
 */
export class LeaderLock {
  /** To be given to the coordinator instead of the driver that it was made from. */
  readonly driver: DriverDefinition;
  #opened: Driver | null = null;

  constructor(definition: DriverDefinition) {
    this.driver = {
      ...definition,
      open: async (context) => {
        this.#opened = await definition.open(context);
        return this.#opened;
      },
    };
  }

  /** Who leads, with term and lease, and who waits, in order. Null before the coordinator is started. */
  async inspect(): Promise<LockReading | null> {
    return (await this.#opened?.inspect(LOCK)) ?? null;
  }

  /** Takes the leadership away without asking; false if nobody has it. Its holder notices with its next beat. */
  async break(): Promise<boolean> {
    return (await this.#opened?.revoke(LOCK, 'break')) ?? false;
  }
}
