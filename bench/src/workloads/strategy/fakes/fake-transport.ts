import type { MethodDefinition } from '@grpc/grpc-js';
import type { EngineTransport } from './internals.js';
import type { StandInEngine } from './stand-in-engine.js';

/** Sends nothing: each call has its answer at once. */
export class FakeTransport implements EngineTransport {
  readonly #engine: StandInEngine;

  constructor(engine: StandInEngine) {
    this.#engine = engine;
  }

  send<Req, Res>(method: MethodDefinition<Req, Res>, request: Req): Promise<Res> {
    // The stand-in answers each path with what its method returns.
    return Promise.resolve(this.#engine.answer(method.path, request) as Res);
  }

  close(): void {}
}
