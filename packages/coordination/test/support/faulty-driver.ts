import type { Driver } from '../../src/driver/index.js';
import { ConnectionError } from '../../src/errors.js';

/** What happens to the calls between a session and its driver. */
export class Faults {
  /** Names of the methods called, in order. */
  readonly calls: string[] = [];
  /** Methods whose requests do not arrive. */
  readonly loseRequests = new Set<string>();
  /** Methods that take effect and whose replies get lost. */
  readonly loseReplies = new Set<string>();
  readonly #held = new Map<string, { readonly gate: Promise<void>; readonly onArrival: () => void }>();

  /** Keeps the reply of the next call of `method` back. `arrived`: the driver has answered; `release`: the caller hears of it. */
  hold(method: string): { readonly arrived: Promise<void>; readonly release: () => void } {
    let release = (): void => {};
    let onArrival = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      onArrival = resolve;
    });
    this.#held.set(method, { gate, onArrival });
    return { arrived, release };
  }

  /** A driver that goes through these faults. */
  over(driver: Driver): Driver {
    return new Proxy(driver, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => this.#call(String(name), () => Reflect.apply(method, target, given));
      },
    });
  }

  async #call(name: string, run: () => unknown): Promise<unknown> {
    this.calls.push(name);
    if (this.loseRequests.has(name)) throw new ConnectionError(`${name}: the request got lost`);
    const reply = await run();
    const held = this.#held.get(name);
    this.#held.delete(name);
    held?.onArrival();
    await held?.gate;
    if (this.loseReplies.has(name)) throw new ConnectionError(`${name}: the reply got lost`);
    return reply;
  }
}
