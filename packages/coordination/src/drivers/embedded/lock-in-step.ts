import type { LockKey, LockMode } from '../../driver/index.js';
import { isLive, isWaiting, type Lease, type Waiter } from './rows.js';
import type { Step } from './store.js';

/**
 * One lock within one step: its leases without those that are over, and the first two of its queue that live. The dead
 * before them are removed, and those behind stay until they come to the front, enter anew or are swept, so that no step
 * walks through a long queue. What a step does to a lock ends with `attend`, which tells the queue.
 */
export class LockInStep {
  readonly #step: Step;
  readonly #lock: LockKey;
  /** Head and second as the last step left them: whoever is in such a place now and was not then has to be told. */
  readonly #headBefore: string | undefined;
  readonly #secondBefore: string | undefined;
  /** When its last lease would have ended: a head that was told so has to be told if that comes earlier. */
  readonly #endedAt: number;
  #leases: Lease[];
  #front: Waiter[];

  constructor(step: Step, lock: LockKey) {
    this.#step = step;
    this.#lock = lock;
    const { leases } = step.tables;
    const all = leases.of(lock);
    this.#leases = all.filter((lease) => isLive(lease, step.now));
    for (const lease of all) if (!isLive(lease, step.now)) leases.remove(lock, lease.token);
    if (this.#leases.length < all.length) this.#leaderChanged();
    this.#endedAt = this.#endsAt;
    this.#front = this.#frontRows();
    this.#headBefore = this.#front[0]?.token;
    this.#secondBefore = this.#front[1]?.token;
    this.#dropDeadFront();
  }

  get leases(): readonly Lease[] {
    return this.#leases;
  }

  lease(token: string): Lease | undefined {
    return this.#leases.find((lease) => lease.token === token);
  }

  /** Ms until the last lease ends, 0 for a free lock. */
  get remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#step.now);
  }

  /** Whether nothing that is held stands in the way of this mode. */
  claimable(mode: LockMode): boolean {
    return this.#leases.every((lease) => lease.mode === 'shared' && mode === 'shared');
  }

  /** 0 for the head, 1 for the second, 2 for whoever waits behind or not at all. */
  place(token: string): 0 | 1 | 2 {
    const [head, second] = this.#front;
    if (head?.token === token) return 0;
    return second?.token === token ? 1 : 2;
  }

  get hasWaiters(): boolean {
    return this.#front.length > 0;
  }

  /** When whoever is at this place should try again of itself, ms; null: not before it is told. */
  retryAfterMs(place: 0 | 1 | 2): number | null {
    const [head] = this.#front;
    if (place === 0) return head !== undefined && this.claimable(head.mode) ? 0 : this.remainingMs;
    if (place === 2 || head === undefined || head.claimUntil === null) return null;
    return Math.max(1, head.claimUntil - this.#step.now);
  }

  /** A new lease, of a fence above all earlier ones. */
  grant(lease: Omit<Lease, 'fence' | 'asked'>): Lease {
    const fence = this.#step.tables.raiseCounter(this.#step.wallMicros);
    const granted = { ...lease, fence, asked: false };
    this.put(granted);
    this.#leaderChanged();
    return granted;
  }

  /** Writes a lease in place of the one of the same token. */
  put(lease: Lease): void {
    this.#step.tables.leases.put(this.#lock, lease);
    this.#leases = [...this.#leases.filter(({ token }) => token !== lease.token), lease];
  }

  /** Ends a lease; false if the token holds none. */
  drop(token: string): boolean {
    if (this.lease(token) === undefined) return false;
    this.#step.tables.leases.remove(this.#lock, token);
    this.#leases = this.#leases.filter((lease) => lease.token !== token);
    this.#leaderChanged();
    return true;
  }

  /** Puts a waiter at the end. It may still lie dead behind the first two. */
  enqueue(waiter: Waiter): void {
    this.leave(waiter.token);
    this.#step.tables.queues.add(this.#lock, waiter);
    if (this.#front.length < 2) this.#front = [...this.#front, waiter];
  }

  /** Moves the end of a waiter's place; false if it has none. */
  keep(token: string, until: number): boolean {
    if (this.#front.length === 0) return false;
    return this.#step.tables.queues.keep(this.#lock, token, { now: this.#step.now, until });
  }

  leave(token: string): void {
    const isBehind = this.place(token) === 2;
    if (isBehind && this.#front.length < 2) return;
    this.#step.tables.queues.remove(this.#lock, token);
    if (isBehind) return;
    this.#front = this.#frontRows();
    this.#dropDeadFront();
  }

  /**
   * Tells the queue, once per change: the head that it may claim the lock or when the lease before it ends, the second
   * when the head's time to claim is over. Nobody else has to wake up, and no claim is taken back: nobody can be granted
   * the lock past a head that may claim it. `except` hears it by the reply to its own call.
   */
  attend(except?: string): void {
    const [head, second] = this.#front;
    if (head === undefined) return;
    const { queues } = this.#step.tables;
    if (this.claimable(head.mode)) {
      const claimUntil = head.claimUntil ?? this.#step.now + head.claimTimeoutMs;
      if (head.claimUntil === null) {
        queues.claim(this.#lock, head.token, claimUntil);
        this.#front = [{ ...head, claimUntil }, ...this.#front.slice(1)];
        this.#tell(head.token, this.#step.now, except);
      }
      if (second !== undefined && (head.claimUntil === null || second.token !== this.#secondBefore))
        this.#tell(second.token, claimUntil, except);
      return;
    }
    if (head.token !== this.#headBefore || this.#endsAt < this.#endedAt)
      this.#tell(head.token, this.#endsAt, except);
  }

  #frontRows(): Waiter[] {
    return this.#step.tables.queues.front(this.#lock);
  }

  #dropDeadFront(): void {
    for (;;) {
      const dead = this.#front.filter((waiter) => !isWaiting(waiter, this.#step.now));
      if (dead.length === 0) return;
      for (const { token } of dead) this.#step.tables.queues.remove(this.#lock, token);
      this.#front = this.#frontRows();
    }
  }

  get #endsAt(): number {
    return this.#leases.reduce((latest, { expiresAt }) => Math.max(latest, expiresAt), 0);
  }

  #tell(token: string, at: number, except: string | undefined): void {
    if (token !== except) this.#step.notices.push({ type: 'turn', token, at });
  }

  #leaderChanged(): void {
    if (this.#lock.kind === 'leader') this.#step.notices.push({ type: 'group', group: this.#lock.id });
  }
}
