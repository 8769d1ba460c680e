/** What is used of redlock 5.0.0-beta.2, whose package hides its own types from nodenext resolution. */
declare module 'redlock' {
  interface Redlock {
    /** Durations in ms; `retryCount` -1: without end. */
    acquire(
      resources: string[],
      duration: number,
      settings?: { readonly retryCount?: number },
    ): Promise<{ release(): Promise<unknown> }>;
  }

  const Redlock: new (clients: Iterable<object>) => Redlock;

  export { Redlock as default };
}
