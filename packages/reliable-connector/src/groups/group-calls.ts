import type { JournalSession } from '../journal/journal.js';
import type { Answer, Attempt, Extension } from '../nodes/answer.js';
import type { NodeClient } from '../nodes/node-client.js';
import type { SendOptions } from '../nodes/transport.js';
import type { Attempted } from '../saga/reply.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { Call, Purpose, StepRun } from '../saga/step-run.js';

/** The definite answers of 4.2. A 412 is dealt with here: it decides nothing. */
export type GroupAnswer = Exclude<Answer, { readonly class: 'not_sent' | 'unknown' | 'fenced' }> & {
  /** The reply advertised `tombstone`: the DELETE that it answers was recorded (4.7). */
  readonly tombstone?: boolean;
  /** A DELETE: monotonic ms of its send. What may have been alive then may have landed after it. */
  readonly sentAt?: number;
};

const BREAKER_OPEN = new Error('not sent: the node has been silent, its breaker is open');
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
    return {
      verb: 'POST',
      purpose: 'apply',
      send: (bounds) =>
        this.#send(step.run, client, () => client.post(groupId, token, { ...bounds, fence: this.#fence })),
    };
  }

  /** `token` null: any version (force). A definite answer pays the HOT entry of that token (4.3). */
  delete(step: StepRun, groupId: string, token: number | null, purpose: Purpose): Call<GroupAnswer> {
    const client = this.client(step.name);
    return {
      verb: 'DELETE',
      purpose,
      send: async (bounds) => {
        let tombstone = false;
        const attempted = await this.#send(step.run, client, async () => {
          const attempt = await client.delete(groupId, token, { ...bounds, fence: this.#fence });
          tombstone = attempt.tombstone;
          return attempt;
        });
        const { answer } = attempted;
        if (answer.class !== 'yes' && answer.class !== 'no') return attempted;
        const { sentAt } = attempted;
        if (token !== null && sentAt !== null) this.#pay(step, token, { sentAt, tombstone });
        return { answer: { ...answer, tombstone, sentAt: sentAt ?? 0 }, sentAt };
      },
    };
  }

  get(step: StepRun, groupId: string): Call<GroupAnswer> {
    const client = this.client(step.name);
    return {
      verb: 'GET',
      purpose: 'read',
      send: (bounds) => this.#send(step.run, client, () => client.get(groupId, bounds satisfies SendOptions)),
    };
  }

  async #send(
    run: SagaRun,
    client: NodeClient,
    send: () => Promise<Attempt>,
  ): Promise<Attempted<GroupAnswer>> {
    if (client.waitMs > 0)
      return {
        answer: { class: 'not_sent', cause: BREAKER_OPEN, retryAfterMs: client.waitMs },
        sentAt: null,
      };
    const { answer, sentAt } = await send();
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
