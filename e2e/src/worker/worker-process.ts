import { EventEmitter, on } from 'node:events';
import { AppProcess, type Ended } from '../app-process.js';
import type { Message, WorkerCalls, WorkerConfig } from './protocol.js';

/** One event of a worker's connector, with its fields. */
export interface WorkerEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A process with a connector of its own, which does what it is asked for. */
export class WorkerProcess {
  readonly app: AppProcess;
  /** Every event so far. */
  readonly events: WorkerEvent[] = [];
  readonly #emitter = new EventEmitter();
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #calls = 0;

  private constructor(app: AppProcess) {
    this.app = app;
    app.child.on('message', (message: Message) => this.#take(message));
    void app.ended.then(({ stderr }) => {
      for (const { reject } of this.#waiting.values()) reject(new WorkerGone(stderr));
      this.#waiting.clear();
      this.#emitter.emit('gone');
    });
  }

  /** Resolves when the connector is open. Calls to it reject with `WorkerGone` when the process ends. */
  static async start(config: WorkerConfig): Promise<WorkerProcess> {
    const app = new AppProcess({
      program: 'e2e/src/worker/main.ts',
      args: [JSON.stringify(config)],
      ipc: true,
    });
    const worker = new WorkerProcess(app);
    await worker.#until((message) => message.type === 'ready');
    return worker;
  }

  /** Asks the worker; any number may be under way. */
  call<N extends keyof WorkerCalls>(
    name: N,
    ...args: Parameters<WorkerCalls[N]>
  ): Promise<ReturnType<WorkerCalls[N]>> {
    const call = ++this.#calls;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
    if (this.app.over) this.#settle(call)?.reject(new WorkerGone(this.app.stderr));
    else this.app.child.send({ call, name, args }, () => {});
    // The worker's handler of this name gives this type; only the channel does not know it.
    return answered as Promise<ReturnType<WorkerCalls[N]>>;
  }

  /** Resolves with the first event, past or to come, that `fits`. */
  async event(fits: (event: WorkerEvent) => boolean): Promise<WorkerEvent> {
    if (!this.events.some(fits)) await this.#until(() => this.events.some(fits));
    const found = this.events.find(fits);
    if (!found) throw new WorkerGone(this.app.stderr);
    return found;
  }

  /** Closes the connector in good order and ends the process. */
  async close(): Promise<Ended> {
    await this.call('close');
    return this.app.ended;
  }

  /** kill -9. */
  kill(): Promise<Ended> {
    return this.app.end('SIGKILL');
  }

  #take(message: Message): void {
    if (message.type === 'event') this.events.push({ ...message.payload, event: message.event });
    if (message.type === 'answer') this.#settle(message.call)?.resolve(message.value);
    if (message.type === 'failure') this.#settle(message.call)?.reject(new Error(message.message));
    this.#emitter.emit('message', message);
  }

  #settle(call: number): { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    return waiting;
  }

  async #until(fits: (message: Message) => boolean): Promise<void> {
    for await (const [message] of on(this.#emitter, 'message', { close: ['gone'] }))
      if (fits(message)) return;
    throw new WorkerGone(this.app.stderr);
  }
}

/** The process ended before it answered. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';

  constructor(stderr: string) {
    super(`the worker has ended${stderr === '' ? '' : `: ${stderr}`}`);
  }
}
