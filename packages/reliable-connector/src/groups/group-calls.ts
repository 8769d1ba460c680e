import type { JournalSession } from '../journal/journal.js';
import type { Answer, Attempt, Extension } from '../nodes/answer.js';
import type { NodeClient } from '../nodes/node-client.js';
import type { SendOptions } from '../nodes/transport.js';
import type { Attempted } from '../saga/reply.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { Call, CallBounds, Purpose, StepRun } from '../saga/step-run.js';

/** The definite answers of 4.2. A 412 is dealt with here: it decides nothing. */
export type GroupAnswer = Exclude<Answer, { readonly class: 'not_sent' | 'unknown' | 'fenced' }> & {
  /** The reply advertised `tombstone`: the DELETE that it answers was recorded (4.7). */
  readonly tombstone?: boolean;
  /** A DELETE: monotonic ms of its send. What may have been alive then may have landed after it. */
  readonly sentAt?: number;
};

const FENCED = new Error(
  'not applied: the fence of this request was stale, the next one carries the present value',
);

/** The calls that group sagas make, with the fence of the journal on each (4.7). */
export class GroupCalls {
  readonly clients: ReadonlyMap<string, NodeClient>;
  readonly #session: JournalSession;
  #fence: bigint;

  constructor(clients: ReadonlyMap<string, NodeClient>, session: JournalSession, fence: bigint) {
    this.clients = clients;
    this.#session = session;
    this.#fence = fence;
  }

  client(node: string): NodeClient {
    const client = this.clients.get(node);
    if (!client) throw new Error(`no node ${node} is configured`);
    return client;
  }

  has(node: string, extension: Extension): boolean {
    return this.client(node).extensions.has(extension);
  }

  get fence(): bigint {
    return this.#fence;
  }

  /** Takes the journal's present value, after a 412 or after the counter was raised. */
  async refreshFence(): Promise<void> {
    this.#fence = await this.#session.fence();
  }

  post(step: StepRun, groupId: string, token: number): Call<GroupAnswer> {
    const client = this.client(step.name);
    const send = (bounds: CallBounds): Promise<Attempted<GroupAnswer>> =>
      this.#unfenced(step.run, client.post(groupId, token, this.#fenced(bounds)));
    return { verb: 'POST', purpose: 'apply', send };
  }

  /** `token` null: any version (force). A definite answer pays the HOT entry of that token (4.3). */
  delete(step: StepRun, groupId: string, token: number | null, purpose: Purpose): Call<GroupAnswer> {
    const client = this.client(step.name);
    const send = async (bounds: CallBounds): Promise<Attempted<GroupAnswer>> => {
      const sending = client.delete(groupId, token, this.#fenced(bounds));
      const { answer, sentAt } = await this.#unfenced(step.run, sending);
      if ((answer.class !== 'yes' && answer.class !== 'no') || sentAt === null) return { answer, sentAt };
      const { tombstone } = await sending;
      if (token !== null) this.#pay(step, token, { sentAt, tombstone });
      return { answer: { ...answer, tombstone, sentAt }, sentAt };
    };
    return { verb: 'DELETE', purpose, send };
  }

  get(step: StepRun, groupId: string): Call<GroupAnswer> {
    const client = this.client(step.name);
    return {
      verb: 'GET',
      purpose: 'read',
      send: (bounds) => this.#unfenced(step.run, client.get(groupId, bounds)),
    };
  }

  /** Field by field: this is made for every request, and a spread would cost as much as the rest of it. */
  #fenced({ timeoutMs, queueMs, endsAt, signal }: CallBounds): SendOptions & { readonly fence: bigint } {
    return { timeoutMs, queueMs, endsAt, signal, fence: this.#fence };
  }

  /** A 412 decides nothing (4.7): who is deposed stops, who is not takes the present value and asks again. */
  async #unfenced(run: SagaRun, sending: Promise<Attempt>): Promise<Attempted<GroupAnswer>> {
    const { answer, sentAt } = await sending;
    if (answer.class !== 'fenced') return { answer, sentAt };
    if (!(await this.#session.owns(run.saga))) throw run.drop();
    await this.refreshFence();
    return { answer: { class: 'not_sent', cause: FENCED, retryAfterMs: 0 }, sentAt: null };
  }

  #pay(step: StepRun, token: number, o: { readonly sentAt: number; readonly tombstone: boolean }): void {
    const { run } = step;
    if (run.saga.key === null || !run.hot.pay(step.name, token, o)) return;
    // A payment that is lost costs one needless DELETE later.
    this.#session.payHot(run.saga.key, step.name, token, o).catch((err: unknown) => {
      run.engine.logger.debug({ err, ...run.identity }, 'a paid HOT entry could not be struck out');
    });
  }
}
