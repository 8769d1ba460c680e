import { type ChannelInterface, connectivityState, Metadata, status } from '@grpc/grpc-js';
import { queryEngineService } from '@holdfast/strategy-client/protocol';
import type { StandInEngine } from './stand-in-engine.js';

type Call = ReturnType<ChannelInterface['createCall']>;
type Listener = Parameters<Call['start']>[1];

/** Every call is answered alike, so its bytes are made once. */
type Answers = ReadonlyMap<string, Buffer>;

const NO_METADATA = new Metadata();
const OK = { code: status.OK, details: '', metadata: NO_METADATA };

/**
 * A channel of grpc-js that reaches nobody: the client above it does all its work, and the answer comes as soon as the
 * request is complete.
 */
export class FakeChannel implements ChannelInterface {
  readonly #answers: Answers;

  constructor(engine: StandInEngine) {
    this.#answers = new Map(
      (['authenticate', 'getSchemaNamesV2', 'getNextResultBatch'] as const).map((name) => {
        const { path, responseSerialize } = queryEngineService[name];
        // The stand-in answers each path with what its method returns.
        return [path, responseSerialize(engine.answer(path, {}) as never)];
      }),
    );
  }

  createCall(method: string): Call {
    return new FakeCall(this.#answers.get(method) ?? Buffer.alloc(0));
  }

  close(): void {}

  getTarget(): string {
    return 'nowhere';
  }

  getConnectivityState(): connectivityState {
    return connectivityState.READY;
  }

  watchConnectivityState(): void {}

  getChannelzRef(): never {
    throw new Error('a fake channel has no channelz');
  }
}

class FakeCall implements Call {
  readonly #answer: Buffer;
  #listener: Listener | null = null;

  constructor(answer: Buffer) {
    this.#answer = answer;
  }

  start(_metadata: Metadata, listener: Listener): void {
    this.#listener = listener;
  }

  halfClose(): void {
    queueMicrotask(() => {
      this.#listener?.onReceiveMetadata(NO_METADATA);
      this.#listener?.onReceiveMessage(this.#answer);
      this.#listener?.onReceiveStatus(OK);
    });
  }

  sendMessageWithContext(): void {}
  startRead(): void {}
  cancelWithStatus(): void {}
  setCredentials(): void {}

  getPeer(): string {
    return 'nowhere';
  }

  getCallNumber(): number {
    return 0;
  }

  getAuthContext(): null {
    return null;
  }
}
