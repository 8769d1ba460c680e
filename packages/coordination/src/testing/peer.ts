import type { Coordinator, CoordinatorOptions, Lock } from '../index.js';
import { getCoordinator } from '../index.js';

/** A coordinator in another process or thread, which takes locks on request. */
export interface Peer {
  /** Tries once to take the lock: whether it has it now. */
  tryLock(order: PeerOrder): Promise<boolean>;
  /** Releases the lock of the last `tryLock`: whether it held it. */
  unlock(): Promise<boolean>;
  /** Ends the process or thread. */
  close(): Promise<void>;
}

/** Plain data, since it crosses to another process. */
export interface PeerOrder {
  readonly url: string;
  readonly namespace: string;
  readonly memberId: string;
  readonly lock: string;
}

/** The two ends of a channel to another process or thread, such as `process` of a forked child or a `MessagePort`. */
export interface Channel {
  send(message: unknown): unknown;
  onMessage(listener: (message: unknown) => void): unknown;
}

type Request = { readonly id: number; readonly order: PeerOrder | null };
type Reply =
  | { readonly id: number; readonly value: boolean }
  | { readonly id: number; readonly error: string };

/**
 * In the other process or thread: carries out what `peerOver` asks for at the channel's other end. A driver that
 * `getCoordinator` does not find by itself is given in `options`.
 */
export function servePeer(channel: Channel, options: Pick<CoordinatorOptions, 'driver'> = {}): void {
  const server = new PeerServer(options);
  channel.onMessage((message) => {
    if (!isRequest(message)) return;
    const { id, order } = message;
    (order ? server.tryLock(order) : server.unlock()).then(
      (value) => channel.send({ id, value } satisfies Reply),
      (error: unknown) => channel.send({ id, error: String(error) } satisfies Reply),
    );
  });
}

/** How the test reaches and ends the other process or thread. */
export interface PeerHost {
  readonly channel: Channel;
  /** Resolves, or rejects with the reason, when the process or thread has ended. */
  readonly ended: Promise<unknown>;
  /** Ends it. */
  close(): Promise<void>;
}

/** In the test: the peer at the channel's other end. */
export function peerOver({ channel, ended, close }: PeerHost): Peer {
  const waiting = new Map<number, (reply: Reply) => void>();
  let requests = 0;
  channel.onMessage((message) => {
    if (isReply(message)) waiting.get(message.id)?.(message);
  });
  const gone = ended.then(
    () => 'it has ended',
    (error: unknown) => String(error),
  );
  const ask = (order: PeerOrder | null): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const id = ++requests;
      const settle = (reply: Reply): void => {
        waiting.delete(id);
        if ('value' in reply) resolve(reply.value);
        else reject(new Error(`at the peer: ${reply.error}`));
      };
      waiting.set(id, settle);
      void gone.then((error) => settle({ id, error }));
      channel.send({ id, order } satisfies Request);
    });
  return { tryLock: ask, unlock: () => ask(null), close };
}

class PeerServer {
  readonly #options: Pick<CoordinatorOptions, 'driver'>;
  #coordinator: Coordinator | null = null;
  #lock: Lock | null = null;

  constructor(options: Pick<CoordinatorOptions, 'driver'>) {
    this.#options = options;
  }

  async tryLock({ url, namespace, memberId, lock }: PeerOrder): Promise<boolean> {
    if (!this.#coordinator) {
      this.#coordinator = getCoordinator(url, memberId, { ...this.#options, namespace });
      await this.#coordinator.start();
    }
    this.#lock = this.#coordinator.getLock(lock);
    return this.#lock.acquire({ blocking: false });
  }

  unlock(): Promise<boolean> {
    return this.#lock?.release() ?? Promise.resolve(false);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isRequest = (message: unknown): message is Request =>
  isObject(message) && 'id' in message && 'order' in message;
const isReply = (message: unknown): message is Reply =>
  isObject(message) && 'id' in message && ('value' in message || 'error' in message);
