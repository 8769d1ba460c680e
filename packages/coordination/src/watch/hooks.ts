import { WatchCallbackNotFound } from '../errors.js';
import { called } from './results.js';

/** What a hook is called with. What it returns, or its promise fulfils with, is in the result of `runWatchers`. */
export type WatchCallback<E> = (event: E) => unknown;

/**
 * Callbacks in the order in which they were added. The same function may be there several times; each removal takes its
 * first place, as the lists of tooz do.
 */
export class Hooks<E> {
  #callbacks: readonly WatchCallback<E>[] = [];

  get isEmpty(): boolean {
    return this.#callbacks.length === 0;
  }

  append(callback: WatchCallback<E>): void {
    this.#callbacks = [...this.#callbacks, callback];
  }

  /** Whether it was there. */
  remove(callback: WatchCallback<E>): boolean {
    const at = this.#callbacks.indexOf(callback);
    if (at < 0) return false;
    this.#callbacks = this.#callbacks.filter((_, index) => index !== at);
    return true;
  }

  /**
   * Calls all that are there now, whatever one of them throws or removes, and returns what each returned; for one that
   * threw, a rejected promise that counts as handled. `settleResults` makes the values of it.
   */
  run(event: E): unknown[] {
    return this.#callbacks.map((callback) => called(callback, event));
  }
}

/** The hooks of one kind, by group. A group has an entry only while it has a callback. */
export class GroupHooks<E> {
  readonly #groups = new Map<string, Hooks<E>>();

  /** Groups that have a callback. */
  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  append(group: string, callback: WatchCallback<E>): void {
    const hooks = this.#groups.get(group) ?? new Hooks<E>();
    this.#groups.set(group, hooks);
    hooks.append(callback);
  }

  /** Throws `WatchCallbackNotFound`. */
  remove(group: string, callback: WatchCallback<E>): void {
    const hooks = this.#groups.get(group);
    if (!hooks?.remove(callback)) throw new WatchCallbackNotFound(group, callback);
    if (hooks.isEmpty) this.#groups.delete(group);
  }

  /** As `Hooks.run`; without a callback, the empty list. */
  run(group: string, event: E): unknown[] {
    return this.#groups.get(group)?.run(event) ?? [];
  }
}
