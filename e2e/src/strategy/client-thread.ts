import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { Line } from '../coordination/line.js';
import type { ClientCalls, ClientConfig, TestCalls } from './client/protocol.js';

/** A thread of this process with a connection of its own to the engine. */
export class ClientThread {
  readonly name: string;
  readonly line: Line<TestCalls, ClientCalls>;
  readonly #ended: Promise<number>;

  private constructor(name: string) {
    this.name = name;
    const worker = new Worker(new URL('client/thread.mjs', import.meta.url), {
      execArgv: ['--conditions=@holdfast/source'],
    });
    this.line = new Line<TestCalls, ClientCalls>({
      send: (message) => worker.postMessage(message),
      handlers: {},
    });
    worker.on('message', (message) => this.line.take(message));
    worker.on('error', (error) => this.line.cut(error));
    this.#ended = once(worker, 'exit').then(([code]) => code);
    onTestFinished(async () => void (await worker.terminate()));
  }

  /** Resolves when it has a connection. It is terminated, if it has not ended, when the test is over. */
  static async start(config: ClientConfig): Promise<ClientThread> {
    const client = new ClientThread(config.name);
    await client.line.call('begin', config);
    return client;
  }

  /** Closes the connection; resolves, when the thread has ended by itself, with what is wrong about that. */
  async close(): Promise<string[]> {
    await this.line.call('close');
    const code = await this.#ended;
    return code === 0 ? [] : [`${this.name} ended with ${code}`];
  }
}
