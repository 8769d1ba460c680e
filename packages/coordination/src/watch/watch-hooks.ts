import { GroupHooks, type WatchCallback } from './hooks.js';
import type { Members } from './members.js';
import { called } from './results.js';

/** A member joined or left a group. */
export interface MembershipEvent {
  readonly type: 'joined' | 'left';
  readonly groupId: string;
  readonly memberId: string;
}

/** This coordinator was elected leader of a group. */
export interface LeaderElectedEvent {
  readonly type: 'elected';
  readonly groupId: string;
  /** The coordinator's own id. */
  readonly memberId: string;
}

/** What each kind of hook is called with. */
export interface WatchEvents {
  readonly joined: MembershipEvent;
  readonly left: MembershipEvent;
  readonly elected: LeaderElectedEvent;
}

/**
 * The callbacks of a coordinator, and the members that those of each group have been told of. Outlives stop and start, as
 * in tooz.
 */
export class WatchHooks {
  readonly #kinds: { readonly [K in keyof WatchEvents]: GroupHooks<WatchEvents[K]> } = {
    joined: new GroupHooks(),
    left: new GroupHooks(),
    elected: new GroupHooks(),
  };
  readonly #known = new Map<string, Members>();
  #once: (() => unknown)[] = [];

  /** Adds a callback. For `joined` and `left`, `knows` what they are to compare the first reading with. */
  append<K extends keyof WatchEvents>(kind: K, group: string, callback: WatchCallback<WatchEvents[K]>): void {
    this.#kinds[kind].append(group, callback);
  }

  /** Takes a callback back. Throws `WatchCallbackNotFound`. */
  remove<K extends keyof WatchEvents>(kind: K, group: string, callback: WatchCallback<WatchEvents[K]>): void {
    this.#kinds[kind].remove(group, callback);
    if (!this.#kinds.joined.has(group) && !this.#kinds.left.has(group)) this.#known.delete(group);
  }

  /** Groups that have a callback of this kind. */
  groups(kind: keyof WatchEvents): readonly string[] {
    return [...this.#kinds[kind].groups()];
  }

  /** Whether the group has a callback of this kind. */
  has(kind: keyof WatchEvents, group: string): boolean {
    return this.#kinds[kind].has(group);
  }

  /** Calls the callbacks; results as `Hooks.run` returns them. */
  run<K extends keyof WatchEvents>(kind: K, group: string, event: WatchEvents[K]): unknown[] {
    return this.#kinds[kind].run(group, event);
  }

  /** Keeps a callback for the next run. */
  inNextRun(callback: () => unknown): void {
    this.#once.push(callback);
  }

  /** Calls those kept for this run; results as `Hooks.run` returns them. */
  runOnce(): unknown[] {
    return this.#once.splice(0).map((callback) => called(callback, undefined));
  }

  /** The members of which the callbacks of watched groups have been told. */
  get known(): ReadonlyMap<string, Members> {
    return this.#known;
  }

  /** The callbacks of the group know of these members from now on. */
  knows(group: string, members: Members): void {
    this.#known.set(group, members);
  }
}
