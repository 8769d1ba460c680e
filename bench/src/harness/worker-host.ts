import type { Methods, WorkerReply, WorkerRequest } from './worker-messages.js';

/** The worker's side: answers what the parent asks, one thing at a time or many. Ends with its parent. */
export function serveWorker<M extends Methods<M>>(methods: M): void {
  process.on('message', (message) => {
    // Only `Worker` writes to this channel.
    const request = message as WorkerRequest;
    void answer(methods, request).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the parent decides when its workers end.
  process.on('SIGINT', () => undefined);
}

async function answer<M extends Methods<M>>(methods: M, request: WorkerRequest): Promise<WorkerReply> {
  const { id, method, argument } = request;
  try {
    const asked = Object.entries<(argument: never) => Promise<unknown>>(methods).find(
      ([name]) => name === method,
    );
    if (asked === undefined) throw new Error(`this worker has no method ${method}`);
    return { id, value: await asked[1](argument as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
