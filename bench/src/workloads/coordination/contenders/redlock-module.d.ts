/** What is used of redlock 5.0.0-beta.2, whose package hides its own types from nodenext resolution. */
declare module 'redlock' {
  export interface RedlockLock {
    release(): Promise<unknown>;
  }

  export default class Redlock {
    constructor(clients: Iterable<object>);
    /** Durations in ms; `retryCount` -1: without end. */
    acquire(
      resources: string[],
      duration: number,
      settings?: { readonly retryCount?: number },
    ): Promise<RedlockLock>;
  }
}
