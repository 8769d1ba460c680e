import { type Coordinator, type CoordinatorOptions, getCoordinator } from '@holdfast/coordination';
import { onTestFinished } from 'vitest';
import { Replay } from './judges/replay.js';
import { pause } from './now.js';

/** How often a state that sends no event here is looked at, ms. */
const LOOK_EVERY_MS = 10;

/** A coordinator of the test's own process that stops with the test. */
export async function coordinatorFor(
  url: string,
  memberId: string,
  options: CoordinatorOptions = {},
): Promise<Coordinator> {
  const coordinator = getCoordinator(url, memberId, options);
  onTestFinished(() => coordinator[Symbol.asyncDispose]());
  await coordinator.start();
  return coordinator;
}

/** Follows the events of a group, and compares what they lead to with what is read. */
export class Observer {
  readonly replay = new Replay();
  readonly #coordinator: Coordinator;
  readonly #group: string;

  constructor(coordinator: Coordinator, group: string) {
    this.#coordinator = coordinator;
    this.#group = group;
    void this.#follow();
  }

  /** Resolves as soon as the events say of members and leader what a reading says; how many readings that took. */
  async agrees(): Promise<number> {
    for (let readings = 1; ; readings++) {
      const members = await this.#coordinator.getMembers(this.#group);
      const leader = await this.#coordinator.getLeader(this.#group);
      if (leader === this.replay.leader && isEqual(members, this.replay.members)) return readings;
      await pause(LOOK_EVERY_MS);
    }
  }

  async #follow(): Promise<void> {
    for await (const event of this.#coordinator.events(this.#group)) this.replay.take(event);
  }
}

const isEqual = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));
