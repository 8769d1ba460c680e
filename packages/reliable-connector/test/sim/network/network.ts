import type { NodeReply, NodeRequest, SendOptions, Transport } from '../../../src/nodes/transport.js';
import type { WireReply } from '../nodes/replies.js';
import type { Effect, SimNode } from '../nodes/sim-node.js';
import { Prng } from '../world/prng.js';
import type { SimProcess } from '../world/sim-process.js';
import type { World } from '../world/world.js';
import { drawFate, type Fate, type FateKind, type FaultKind } from './fate.js';

/** One request as the observer sees it. */
export interface SentCall {
  /** Order of sending over the whole run; -1 until it is sent. */
  readonly order: number;
  readonly process: SimProcess;
  readonly node: string;
  readonly method: NodeRequest['method'];
  /** Of a write; null for reads. */
  readonly groupId: string | null;
  /** The version that a write names; null: none. */
  readonly token: number | null;
  readonly sentAt: number;
}

/** Who is told of everything that happens between processes and nodes. */
export interface NetworkObserver {
  sent(call: SentCall): void;
  landed(call: SentCall, effect: Effect): void;
  fate(kind: FateKind): void;
}

export interface NetworkOptions {
  readonly seed: number;
  readonly maxServerLagMs: number;
  /** Ms, one way, from and to. */
  readonly wayMs: readonly [number, number];
}

/** A link of a node: `refused` answers nothing is there, `black hole` swallows everything. */
export type Link = 'up' | 'refused' | 'black hole';

/** Picks a fate for a call instead of the dice; null: leave it to them. */
export type Director = (call: SentCall, options: SendOptions) => Partial<Fate> | null;

/** The network between all processes and all nodes: it loses, repeats, delays, and answers in the node's place. */
export class Network {
  readonly nodes: ReadonlyMap<string, SimNode>;
  readonly links = new Map<string, Link>();
  /** Share of requests that something befalls. */
  faultRate = 0;
  faultWeights: Readonly<Partial<Record<FaultKind, number>>> = {};
  /** Scripts a scenario. */
  director: Director | null = null;
  readonly #world: World;
  readonly #observer: NetworkObserver;
  readonly #options: NetworkOptions;
  readonly #dice: Prng;
  #order = 0;

  constructor(world: World, nodes: readonly SimNode[], observer: NetworkObserver, options: NetworkOptions) {
    this.#world = world;
    this.nodes = new Map(nodes.map((node) => [node.name, node]));
    this.#observer = observer;
    this.#options = options;
    this.#dice = new Prng(options.seed, 'network');
  }

  /** What the library gets: the network as one process sees it. */
  transportOf(process: SimProcess): Transport {
    return {
      send: (node, request, options) => this.#send(process, node, request, options),
      close: async () => {},
    };
  }

  #send(process: SimProcess, node: string, request: NodeRequest, options: SendOptions): Promise<NodeReply> {
    if (!process.step(`before ${request.method} to ${node}`)) return process.lost();
    if (options.signal?.aborted) return Promise.resolve(notSent('aborted before it was sent'));
    return new Promise((resolve) => {
      const attempt = new Attempt(process, options, (reply) => resolve(reply));
      const call = describe(process, node, request, this.#world.now);
      const fate = this.#fateOf(call, options);
      if (fate.queuedMs === 0) this.#depart(attempt, call, fate, request);
      else
        attempt.queue(fate.queuedMs, () =>
          this.#depart(attempt, { ...call, sentAt: this.#world.now }, fate, request),
        );
    });
  }

  #fateOf(call: SentCall, options: SendOptions): Fate {
    const [from, to] = this.#options.wayMs;
    const wayMs = (): number => this.#dice.between(from, to);
    const { maxServerLagMs } = this.#options;
    const circumstances = { dice: this.#dice, maxServerLagMs, timeoutMs: options.timeoutMs, wayMs };
    const fate = drawFate(this.faultRate, this.faultWeights, circumstances);
    return { ...fate, ...this.director?.(call, options) };
  }

  #depart(attempt: Attempt, prepared: SentCall, fate: Fate, request: NodeRequest): void {
    const call = { ...prepared, order: this.#order++ };
    const { process } = call;
    const link = this.links.get(call.node) ?? 'up';
    this.#observer.fate(fate.kind);
    this.#tell(
      call,
      () => `${fate.kind === 'answered' ? '' : `, ${fate.kind}`}${link === 'up' ? '' : `, ${link}`}`,
    );
    if (!fate.sent || link === 'refused') {
      attempt.endAfter(1, notSent('connect ECONNREFUSED'));
      return;
    }
    this.#observer.sent(call);
    attempt.depart(call.sentAt);
    if (link === 'black hole') return;
    let answer: WireReply | null = null;
    for (const landsMs of fate.lands)
      this.#world.after(landsMs, () => {
        const reply = this.#land(call, request, landsMs);
        answer ??= reply;
      });
    process.step(`after ${call.method} to ${call.node}`);
    if (fate.shows === 'nothing') return;
    attempt.showAfter(fate.shownMs, () => {
      if (fate.shows === 'reset') return silent('socket hang up', call.sentAt);
      const reply = fate.shows === 'answer' ? answer : fate.shows;
      return reply === null || typeof reply === 'string'
        ? null
        : { kind: 'reply', ...reply, sentAt: call.sentAt };
    });
  }

  /** The request reaches the node, whoever still waits for it. */
  #land(call: SentCall, request: NodeRequest, afterMs: number): WireReply | null {
    const node = this.nodes.get(call.node);
    if (node === undefined || (this.links.get(call.node) ?? 'up') !== 'up') return null;
    const { reply, effect } = node.handle(request);
    this.#world.trace.add(this.#world.now, node.name, () => {
      const late = afterMs > 100 ? `, sent ${Math.round(afterMs)} ms ago` : '';
      return `${call.method} ${call.groupId ?? request.path} ${call.token ?? ''} -> ${reply.status}${late}`;
    });
    if (effect !== null) this.#observer.landed(call, effect);
    return reply;
  }

  #tell(call: SentCall, more: () => string): void {
    const { trace, now } = this.#world;
    trace.add(
      now,
      call.process.name,
      () => `${call.method} ${call.groupId ?? ''} ${call.token ?? ''} to ${call.node}${more()}`,
    );
  }
}

/** One attempt of one process, settled once. A stopped process hears of it later, a dead one never. */
class Attempt {
  readonly #process: SimProcess;
  readonly #options: SendOptions;
  readonly #settle: (reply: NodeReply) => void;
  readonly #cancels: (() => void)[] = [];
  #sentAt: number | null = null;
  #over = false;

  constructor(process: SimProcess, options: SendOptions, settle: (reply: NodeReply) => void) {
    this.#process = process;
    this.#options = options;
    this.#settle = settle;
    const onAbort = (): void =>
      this.#end(this.#sentAt === null ? notSent('aborted') : silent('aborted', this.#sentAt));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    this.#cancels.push(() => options.signal?.removeEventListener('abort', onAbort));
  }

  queue(queuedMs: number, depart: () => void): void {
    const { queueMs } = this.#options;
    if (queuedMs > queueMs) this.endAfter(queueMs, notSent('no connection in time'));
    else this.#cancels.push(this.#process.after(queuedMs, depart));
  }

  depart(sentAt: number): void {
    this.#sentAt = sentAt;
    const { timeoutMs, endsAt = Number.POSITIVE_INFINITY } = this.#options;
    this.endAfter(Math.min(timeoutMs, endsAt - sentAt), silent('no reply in time', sentAt));
  }

  endAfter(delayMs: number, reply: NodeReply): void {
    this.showAfter(delayMs, () => reply);
  }

  showAfter(delayMs: number, reply: () => NodeReply | null): void {
    this.#cancels.push(
      this.#process.after(delayMs, () => {
        const shown = reply();
        if (shown !== null) this.#end(shown);
      }),
    );
  }

  #end(reply: NodeReply): void {
    if (this.#over || !this.#process.alive) return;
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
    this.#settle(reply);
  }
}

function describe(process: SimProcess, node: string, request: NodeRequest, sentAt: number): SentCall {
  const timestamp = request.headers['timestamp'];
  const groupId = request.body === undefined ? null : String(JSON.parse(request.body).groupId);
  const token = timestamp === undefined ? null : Number(timestamp);
  return { order: -1, process, node, method: request.method, groupId, token, sentAt };
}

function notSent(message: string): NodeReply {
  return { kind: 'not_sent', cause: new Error(message) };
}

function silent(message: string, sentAt: number): NodeReply {
  return { kind: 'silent', cause: new Error(message), sentAt };
}
