import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { FROM_SOURCE } from '../../../tooling/from-source/flags.js';
import { BenchError } from './bench-error.js';
import { childEnv } from './child-env.js';
import { stopChild } from './stop-child.js';
import type { Methods, WorkerReply, WorkerRequest } from './worker-messages.js';

export interface WorkerOptions {
  /** Path of a script that calls `serveWorker`. */
  readonly script: string;
  /** How node runs it. Default: everything from source. */
  readonly from?: readonly string[];
  /** Further arguments for node. */
  readonly nodeArgs?: readonly string[];
  readonly signal: AbortSignal;
}

/** What is still to be answered. */
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A process that does measured work, asked over IPC. Values are cloned, so typed arrays stay what they are. A worker
 * that dies rejects what it was asked; it ends by itself when its parent is gone.
 */
export class Worker<M extends Methods<M>> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  private constructor(child: ChildProcess, script: string) {
    this.#child = child;
    child.on('message', (reply) => this.#answered(reply as WorkerReply));
    child.once('exit', (code, signal) => {
      const error = new BenchError('CHILD_FAILED', `worker ${script} ended with ${code ?? signal}`);
      for (const one of this.#waiting.values()) one.reject(error);
      this.#waiting.clear();
    });
  }

  static async start<M extends Methods<M>>(o: WorkerOptions): Promise<Worker<M>> {
    o.signal.throwIfAborted();
    const child = fork(o.script, {
      env: childEnv(),
      execArgv: [...(o.from ?? FROM_SOURCE), ...(o.nodeArgs ?? [])],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'spawn');
    return new Worker<M>(child, o.script);
  }

  /** Rejects with `CHILD_FAILED` when the worker fails at it or dies. */
  call<K extends keyof M & string>(
    method: K,
    argument: Parameters<M[K]>[0],
  ): Promise<Awaited<ReturnType<M[K]>>> {
    this.#asked += 1;
    const request: WorkerRequest = { id: this.#asked, method, argument };
    return new Promise((resolve, reject) => {
      // The worker answers with what the method of this name returned.
      this.#waiting.set(request.id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.send(request, (error) => {
        if (error) this.#take(request.id)?.reject(error);
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return stopChild(this.#child);
  }

  #answered(reply: WorkerReply): void {
    const waiting = this.#take(reply.id);
    if ('error' in reply) waiting?.reject(new BenchError('CHILD_FAILED', reply.error));
    else waiting?.resolve(reply.value);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
