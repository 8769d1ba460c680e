import type { LockKey, LockKeyFormat } from '../../driver/index.js';
import { fromBytes, idBytes } from '../../ids.js';
import { pythonRepr } from '../../python-repr.js';
import type { Dialect } from './scripts/script.js';

/** A name as it is sent: text if it can be, which is faster, else bytes. */
export type Name = string | Buffer;

const ESCAPED = /\p{Surrogate}/u;

/** An id, or a name made with ids, as it is sent. */
export const wire = (text: string): Name => (ESCAPED.test(text) ? idBytes(text) : text);

/** The keys of one lock. */
export interface LockNames {
  /** In each format, then the queue: what every script about a lock begins with. */
  readonly keys: readonly Name[];
  readonly leader: boolean;
}

/**
 * Keys and channels of a namespace: redis-layout 5.1 and 5.8. Those of tooz, byte for byte, and our own
 * `NS_x:<kind>:<name>:`, which no key of tooz can equal since none of those ends in a colon.
 */
export class Names {
  readonly groups: Name;
  /** Prefix of the members' beats. */
  readonly beats: Name;
  /** The fencing counter. */
  readonly counter: Name;
  /** What the scripts of locks are made with. */
  readonly dialect: Dialect;
  readonly #namespace: string;
  readonly #formats: readonly LockKeyFormat[];
  readonly #locks = new WeakMap<LockKey, LockNames>();

  constructor(namespace: string, formats: readonly LockKeyFormat[]) {
    this.#namespace = namespace;
    this.#formats = formats;
    this.groups = wire(`${namespace}_groups`);
    this.beats = wire(`${namespace}_beats:`);
    this.dialect = { formats: formats.length, extra: idBytes(`${namespace}_x:`) };
    this.counter = wire(`${namespace}_x:counter:fence:`);
  }

  group(group: string): Name {
    return wire(`${this.#namespace}_group:${group}`);
  }

  beat(member: string): Name {
    return wire(`${this.#namespace}_beats:${member}`);
  }

  incarnations(group: string): Name {
    return wire(`${this.#namespace}_x:incarnations:${group}:`);
  }

  /** Channel on which changes of a group's members and leader are told. */
  groupChannel(group: string): Name {
    return wire(`${this.#namespace}_x:group:${group}:`);
  }

  /** Channel on which one client hears of its locks. */
  hintChannel(clientId: string): Name {
    return wire(`${this.#namespace}_x:hint:${clientId}:`);
  }

  /** The group of a channel, undefined for another channel. */
  groupOf(channel: Uint8Array): string | undefined {
    const text = fromBytes(channel);
    const prefix = `${this.#namespace}_x:group:`;
    return text.startsWith(prefix) ? text.slice(prefix.length, -1) : undefined;
  }

  /** Made once for each `LockKey`: an acquire is too short to make keys in. */
  lock(lock: LockKey): LockNames {
    const known = this.#locks.get(lock);
    if (known) return known;
    const queue = wire(`${this.#namespace}_x:queue:${this.#extraName(lock)}:`);
    const names = { keys: [...this.#lockKeys(lock), queue], leader: lock.kind === 'leader' };
    this.#locks.set(lock, names);
    return names;
  }

  /** The keys of a group's leader lock, in each format. */
  leader(group: string): readonly Name[] {
    return this.#lockKeys({ kind: 'leader', id: group, text: true });
  }

  /**
   * Of queue and readers: the same for all that have a key in common, in whatever form a client gives the name. Under
   * tooz8-text alone the forms are two locks. No user's lock begins with `x:`.
   */
  #extraName(lock: LockKey): string {
    const formsDiffer = lock.kind === 'lock' && this.#formats.every((format) => format === 'tooz8-text');
    return formsDiffer && !lock.text ? `x:bytes:${lock.id}` : nameOf(lock);
  }

  #lockKeys(lock: LockKey): readonly Name[] {
    return this.#formats.map((format) => wire(this.#lockKey(format, nameOf(lock), lock)));
  }

  /** tooz up to 8.1 gives leader locks their name as bytes, whatever its callers do with theirs. */
  #lockKey(format: LockKeyFormat, name: string, lock: LockKey): string {
    if (format === 'tooz9') return `${this.#namespace}_${name}_lock`;
    const asText = format === 'tooz8-text' && lock.kind === 'lock' && lock.text;
    const namespace = pythonRepr(idBytes(this.#namespace));
    return `${namespace}_${asText ? name : pythonRepr(idBytes(name))}_lock`;
  }
}

const nameOf = (lock: LockKey): string => (lock.kind === 'leader' ? `leader_of_${lock.id}` : lock.id);
