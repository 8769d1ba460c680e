import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { Attempt, Extension, Verb } from './answer.js';
import { Breaker, type Pass } from './breaker.js';
import { type Classify, classify as classifyByTable, isTheNodes } from './classify.js';
import { AdvertisedExtensions, EXTENSIONS_HEADER } from './extensions.js';
import type { NodeClient } from './node-client.js';
import { type GroupPage, type NodeStats, parseGroupPage, parseStats } from './node-reads.js';
import type { NodeReply, NodeRequest, SendOptions, Transport } from './transport.js';

export interface NodeClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** A node's own error reply ends its handler (4.2). */
  readonly ownErrorsAreFinal: boolean;
  /** Something between may send a request twice (4.2). */
  readonly proxyMayResend: boolean;
  /** First half of the header `holdfast-fence`: the journal's id (4.7). */
  readonly fenceScope: string;
  /** Default: the table of 4.2. */
  readonly classify?: Classify;
}

/** Groups asked for at a time: so many of the longest ids still fit into a default `replyBytes`, unless mostly escapes. */
const PAGE_SIZE = 100;

/** The client of one node. See `NodeClient`; what `transport` throws counts as silence, never as "not sent". */
export function createNodeClient(name: string, url: string, o: NodeClientOptions): NodeClient {
  return new HttpNodeClient(name, url, o);
}

/**
 * The origin's API over a transport. Extensions are used as last advertised; before the first reply the fence goes along,
 * which means nothing to a node that does not know it. Only a reply that is recognised as the
 * node's own tells of them, also by its silence; a page of a proxy or a reply with `Via` and an error tells nothing.
 * Nothing is repeated here: one call is at most one request.
 */
class HttpNodeClient implements NodeClient {
  readonly name: string;
  readonly url: string;
  readonly #o: NodeClientOptions;
  readonly #classify: Classify;
  readonly #breaker: Breaker;
  readonly #advertised = new AdvertisedExtensions();
  /** Headers of every request without a body and a version. */
  readonly #plain: Readonly<Record<string, string>>;

  constructor(name: string, url: string, o: NodeClientOptions) {
    this.name = name;
    this.url = url;
    this.#o = o;
    this.#classify = o.classify ?? classifyByTable;
    this.#breaker = new Breaker(o.clock, o.random);
    this.#plain = Object.freeze({ node: name });
  }

  get extensions(): ReadonlySet<Extension> {
    return this.#advertised.current;
  }

  get available(): boolean {
    return this.#breaker.available;
  }

  get waitMs(): number {
    return this.#breaker.waitMs;
  }

  post(groupId: string, token: number, o: SendOptions & { readonly fence: bigint }): Promise<Attempt> {
    return this.#attempt('POST', groupId, this.#write('POST', groupId, token, o.fence), o);
  }

  delete(
    groupId: string,
    token: number | null,
    o: SendOptions & { readonly fence: bigint },
  ): Promise<Attempt> {
    return this.#attempt('DELETE', groupId, this.#write('DELETE', groupId, token, o.fence), o);
  }

  async get(groupId: string, o: SendOptions): Promise<Attempt> {
    const path = `/group/${encodeURIComponent(groupId)}`;
    return this.#attempt('GET', groupId, { method: 'GET', path, headers: this.#plain }, o);
  }

  async list(after: string | null, o: SendOptions): Promise<GroupPage | null> {
    if (!this.extensions.has('list')) return null;
    const query = new URLSearchParams({ node: this.name, limit: String(PAGE_SIZE) });
    if (after !== null) query.set('after', after);
    return this.#read(`/groups?${query}`, o, parseGroupPage);
  }

  stats(o: SendOptions): Promise<NodeStats | null> {
    return this.#read('/stats', o, parseStats);
  }

  #write(method: 'POST' | 'DELETE', groupId: string, token: number | null, fence: bigint): NodeRequest {
    const headers: Record<string, string> = { node: this.name, 'content-type': 'application/json' };
    // The shortest decimal text of a float64 is read back as the same float64 by every node (4.1).
    if (token !== null) headers['timestamp'] = String(token);
    // A node that has not answered yet may know fences, and takes a write without one from anybody at any time.
    if (!this.#advertised.isKnown || this.extensions.has('fence'))
      headers['holdfast-fence'] = `${this.#o.fenceScope}:${fence}`;
    return { method, path: '/group', headers, body: `{"groupId":${JSON.stringify(groupId)}}` };
  }

  #attempt(verb: Verb, groupId: string, request: NodeRequest, o: SendOptions): Promise<Attempt> {
    const pass = this.#breaker.enter();
    if (pass === null) return Promise.resolve(this.#heldBack());
    return this.#send(pass, request, o, (reply) => this.#judge(verb, groupId, reply));
  }

  #judge(verb: Verb, groupId: string, reply: NodeReply): Attempt {
    const { ownErrorsAreFinal, proxyMayResend, clock } = this.#o;
    const nowMs = clock.now();
    const answer = this.#classify(verb, reply, { groupId, ownErrorsAreFinal, proxyMayResend, nowMs });
    if (reply.kind === 'not_sent') return { answer, sentAt: null, tombstone: false };
    if (reply.kind === 'silent' || !isTheNodes(answer, reply))
      return { answer, sentAt: reply.sentAt, tombstone: false };
    this.#advertised.learn(reply.headers[EXTENSIONS_HEADER]);
    return { answer, sentAt: reply.sentAt, tombstone: this.extensions.has('tombstone') };
  }

  /** A read that is no question of one group. Whatever does not parse is nobody's reply. */
  async #read<T>(path: string, o: SendOptions, parse: (body: string) => T | null): Promise<T | null> {
    const pass = this.#breaker.enter();
    if (pass === null) return null;
    const request: NodeRequest = { method: 'GET', path, headers: this.#plain };
    return this.#send(pass, request, o, (reply) => {
      if (reply.kind !== 'reply' || reply.status !== 200) return null;
      const value = parse(reply.body);
      if (value !== null) this.#advertised.learn(reply.headers[EXTENSIONS_HEADER]);
      return value;
    });
  }

  /** What a transport throws counts as silence: the request may have left. */
  #send<R>(pass: Pass, request: NodeRequest, o: SendOptions, read: (reply: NodeReply) => R): Promise<R> {
    const leave = (reply: NodeReply): R => {
      const silence = o.signal?.aborted ? 'nothing' : 'silence';
      this.#breaker.leave(pass, reply.kind === 'reply' ? 'reply' : silence);
      return read(reply);
    };
    const failed = (error: unknown): R => {
      const cause = error instanceof Error ? error : new Error('the transport failed', { cause: error });
      return leave({ kind: 'silent', cause, sentAt: this.#o.clock.monotonic() });
    };
    try {
      return this.#o.transport.send(this.name, request, o).then(leave, failed);
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  #heldBack(): Attempt {
    const retryAfterMs = this.waitMs;
    const cause = new Error(
      `node ${this.name} does not answer; it is asked again in ${Math.ceil(retryAfterMs)} ms`,
    );
    return { answer: { class: 'not_sent', cause, retryAfterMs }, sentAt: null, tombstone: false };
  }
}
