import { CLAIM_MS, TTL_MS, WAITER_TTL_MS } from './client.js';

type Mode = 'exclusive' | 'shared';

interface Held {
  readonly token: string;
  readonly mode: Mode;
  readonly fence: number;
  ends: number;
  asked: boolean;
}

interface Queued {
  readonly token: string;
  readonly mode: Mode;
  alive: number;
  claim: number | null;
}

/**
 * One lock as the protocol's model has it, in arrays: what a driver has to answer. It knows no hints; `due` is what the
 * first and second in the queue have to have heard by now, from a reply or a hint.
 */
export class PlainLock {
  #held: Held[] = [];
  #queue: Queued[] = [];

  acquire(o: { token: string; mode: Mode; wait: boolean; now: number; nextFence: () => number }) {
    this.#purge(o.now);
    const own = this.#held.find(({ token }) => token === o.token);
    if (own !== undefined) {
      own.ends = o.now + TTL_MS;
      this.#wake(o.now);
      return { status: 'granted', fence: own.fence };
    }
    const place = this.#queue.findIndex(({ token }) => token === o.token);
    if (this.#claimable(o.mode) && (place === 0 || this.#queue.length === 0)) {
      this.#queue = this.#queue.filter(({ token }) => token !== o.token);
      const fence = o.nextFence();
      this.#held.push({ token: o.token, mode: o.mode, fence, ends: o.now + TTL_MS, asked: false });
      this.#wake(o.now);
      return { status: 'granted', fence };
    }
    if (!o.wait) {
      this.#wake(o.now);
      return { status: 'refused' };
    }
    const entry = this.#queue[place];
    if (entry !== undefined) entry.alive = o.now + WAITER_TTL_MS;
    else this.#queue.push({ token: o.token, mode: o.mode, alive: o.now + WAITER_TTL_MS, claim: null });
    this.#wake(o.now);
    const at = this.due(o.now).find(({ token }) => token === o.token)?.at;
    return { status: 'queued', retryAfterMs: at === undefined ? null : Math.max(at - o.now, 1) };
  }

  release(token: string, now: number): boolean {
    this.#purge(now);
    const before = this.#held.length;
    this.#held = this.#held.filter((held) => held.token !== token);
    this.#queue = this.#queue.filter((waiter) => waiter.token !== token);
    this.#wake(now);
    return this.#held.length < before;
  }

  revoke(how: 'break' | 'ask', now: number): boolean {
    this.#purge(now);
    const some = this.#held.length > 0;
    for (const held of this.#held) held.asked = true;
    if (how === 'break') this.#held = [];
    this.#wake(now);
    return some;
  }

  renew(token: string, now: number): 'renewed' | 'asked' | 'lost' {
    const held = this.#held.find((one) => one.token === token && one.ends > now);
    if (held === undefined) return 'lost';
    held.ends = now + TTL_MS;
    return held.asked ? 'asked' : 'renewed';
  }

  keep(token: string, now: number) {
    this.#purge(now);
    const at = this.#queue.findIndex((waiter) => waiter.token === token);
    const waiter = this.#queue[at];
    if (waiter !== undefined) waiter.alive = now + WAITER_TTL_MS;
    this.#wake(now);
    if (waiter === undefined) return { place: 'gone' };
    if (at > 0) return { place: 'queued' };
    return { place: 'head', retryAfterMs: this.#claimable(waiter.mode) ? 0 : this.#ends - now };
  }

  /** Who holds and who waits, as `inspect` shows them. */
  seen(now: number) {
    const held = this.#held.filter(({ ends }) => ends > now);
    const queue = this.#queue.filter((waiter) => isLive(waiter, now));
    const member = (token: string) => token.split('.')[0];
    return {
      mode: held[0]?.mode ?? null,
      holders: held.map(({ token, fence, ends }) => ({
        memberId: member(token),
        fence: BigInt(fence),
        ttlMs: ends - now,
      })),
      waiters: queue.map(({ token, mode }) => ({ memberId: member(token), mode })),
    };
  }

  /** By when the first two have to come back of themselves; valid right after a step on this lock. */
  due(now: number): { readonly token: string; readonly at: number }[] {
    const [head, second] = this.#queue;
    if (head === undefined) return [];
    if (!this.#claimable(head.mode)) return [{ token: head.token, at: this.#ends }];
    const first = { token: head.token, at: now };
    return second === undefined ? [first] : [first, { token: second.token, at: head.claim ?? now }];
  }

  get #ends(): number {
    return Math.max(...this.#held.map(({ ends }) => ends));
  }

  #purge(now: number): void {
    this.#held = this.#held.filter(({ ends }) => ends > now);
    this.#queue = this.#queue.filter((waiter) => isLive(waiter, now));
  }

  #claimable(mode: Mode): boolean {
    return this.#held.length === 0 || (mode === 'shared' && this.#held[0]?.mode === 'shared');
  }

  #wake(now: number): void {
    const [head] = this.#queue;
    if (head !== undefined && this.#claimable(head.mode)) head.claim ??= now + CLAIM_MS;
  }
}

const isLive = ({ alive, claim }: Queued, now: number): boolean =>
  alive > now && (claim === null || claim > now);
