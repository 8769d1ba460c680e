import type {
  AcquireRequest,
  BeatRequest,
  Driver,
  DriverDefinition,
  Hint,
  ReleaseRequest,
} from '../../src/driver/index.js';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { ConnectionError } from '../../src/errors.js';
import { deferred } from './deferred.js';

/** What a coordinator may ask of a driver or its definition. */
export type Method = keyof Driver | 'open';

/** What becomes of a call: `send` lets the real driver do it. */
export type Course = (send: () => Promise<unknown>) => Promise<unknown>;

/** The request does not arrive. */
export const requestLost: Course = async () => {
  throw new ConnectionError('the request got lost');
};

/** It takes effect, and nobody hears. */
export const replyLost: Course = async (send) => {
  await send();
  throw new ConnectionError('the reply got lost');
};

/** A reply that is kept back. */
export interface Held {
  /** The driver has answered. */
  readonly arrived: Promise<void>;
  /** Lets the caller hear it. */
  release(): void;
}

/** The driver between a coordinator and its store, which does as a test says and remembers what it was asked. */
export class Script {
  readonly calls: Method[] = [];
  readonly acquires: AcquireRequest[] = [];
  readonly releases: ReleaseRequest[] = [];
  readonly beats: BeatRequest[] = [];
  /** Whether hints come through, and how each is changed. */
  hears: boolean | ((hint: Hint) => boolean) = true;
  readonly hints: Hint[] = [];
  readonly #next = new Map<Method, Course[]>();
  readonly #always = new Map<Method, Course>();
  readonly #stuck = new Set<(error: Error) => void>();
  readonly #definition: DriverDefinition;
  #raw: Driver | null = null;

  constructor(definition: DriverDefinition = memoryDriver) {
    this.#definition = definition;
  }

  /** The next call of `method` goes like this; several wait their turn. */
  next(method: Method, course: Course): void {
    this.#next.set(method, [...(this.#next.get(method) ?? []), course]);
  }

  /** All calls of `method` go like this from now on; without a course, as they should. */
  always(method: Method, course?: Course): void {
    if (course) this.#always.set(method, course);
    else this.#always.delete(method);
  }

  /** Keeps the reply of the next call back. */
  hold(method: Method): Held {
    const arrived = deferred();
    const gate = deferred();
    this.next(method, async (send) => {
      const reply = await send();
      arrived.resolve();
      await this.#orFreed(gate.promise);
      return reply;
    });
    return { arrived: arrived.promise, release: gate.resolve };
  }

  /** Neither arrives nor fails, until `free`. */
  readonly hangs: Course = () => this.#orFreed(new Promise(() => {}));

  /** What hangs fails, and all goes as it should again. */
  free(): void {
    this.#next.clear();
    this.#always.clear();
    this.hears = true;
    for (const fail of this.#stuck) fail(new ConnectionError('the connection was cut'));
  }

  /** The real driver, past this script. */
  get raw(): Driver {
    if (this.#raw) return this.#raw;
    throw new Error('the driver has not been opened');
  }

  count(method: Method): number {
    return this.calls.filter((call) => call === method).length;
  }

  readonly driver: DriverDefinition = {
    name: 'scripted',
    schemes: ['memory'],
    characteristics: memoryDriver.characteristics,
    requiresBeating: true,
    open: async (context) => {
      const onHint = (hint: Hint): void => {
        this.hints.push(hint);
        if (typeof this.hears === 'boolean' ? this.hears : this.hears(hint)) context.onHint(hint);
      };
      const driver = await this.#go('open', () => this.#definition.open({ ...context, onHint }));
      this.#raw = driver;
      return this.#over(driver);
    },
  };

  #over(driver: Driver): Driver {
    const go = <T>(method: Method, send: () => Promise<T>): Promise<T> => this.#go(method, send);
    return {
      createGroup: (group) => go('createGroup', () => driver.createGroup(group)),
      deleteGroup: (group) => go('deleteGroup', () => driver.deleteGroup(group)),
      listGroups: () => go('listGroups', () => driver.listGroups()),
      join: (request) => go('join', () => driver.join(request)),
      leave: (request) => go('leave', () => driver.leave(request)),
      updateCapabilities: (...given) => go('updateCapabilities', () => driver.updateCapabilities(...given)),
      readGroups: (request) => go('readGroups', () => driver.readGroups(request)),
      beat: (request) => {
        this.beats.push(request);
        return go('beat', () => driver.beat(request));
      },
      acquire: (request) => {
        this.acquires.push(request);
        return go('acquire', () => driver.acquire(request));
      },
      release: (request) => {
        this.releases.push(request);
        return go('release', () => driver.release(request));
      },
      revoke: (...given) => go('revoke', () => driver.revoke(...given)),
      inspect: (lock) => go('inspect', () => driver.inspect(lock)),
      listen: (groups) => go('listen', () => driver.listen(groups)),
      close: () => go('close', () => driver.close()),
    };
  }

  #go<T>(method: Method, send: () => Promise<T>): Promise<T> {
    if (method !== 'open') this.calls.push(method);
    const course = this.#next.get(method)?.shift() ?? this.#always.get(method);
    return course ? (course(send) as Promise<T>) : send();
  }

  #orFreed<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#stuck.add(reject);
      promise.then(resolve, reject);
    });
  }
}
