import { type ChannelCredentials, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import {
  type ClusterServiceCalls,
  ClusterStub,
  type QueryEngineServiceCalls,
  QueryEngineStub,
  type UnaryCalls,
} from '@holdfast/strategy-client/protocol';
import { onTestFinished } from 'vitest';
import type { Colour } from '../../src/index.js';

type Calls = QueryEngineServiceCalls;
type Rpc = keyof Calls;

/** A call under way. */
export interface Call<R> {
  readonly answer: Promise<R>;
  cancel(): void;
}

/** What a test gives with a call. */
export interface Ask {
  /** The `strategy` header; null leaves it out. */
  readonly strategy?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a call ended: `OK`, or its status and text. */
export const outcome = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'OK',
    (error: ServiceError) => `${status[error.code]} ${error.details}`,
  );

/** A bare stub with the header of one colour; closed when the test ends. */
export class TestClient {
  readonly #stub: QueryEngineStub;
  readonly #cluster: ClusterStub;
  readonly strategy: Colour;
  sessionId = '';

  constructor(address: string, strategy: Colour, channel: ChannelCredentials = credentials.createInsecure()) {
    this.strategy = strategy;
    const options = {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 10,
      'grpc.enable_retries': 0,
      // A connection of its own for each client.
      'grpc.use_local_subchannel_pool': 1,
    };
    this.#stub = new QueryEngineStub(address, channel, options);
    this.#cluster = new ClusterStub(address, channel, options);
    onTestFinished(() => {
      this.#stub.close();
      this.#cluster.close();
    });
  }

  /** Sends a call without waiting for its answer. */
  start<M extends Rpc>(rpc: M, request: Calls[M][0], ask: Ask = {}): Call<Calls[M][1]> {
    const metadata = new Metadata();
    const strategy = ask.strategy === undefined ? this.strategy : ask.strategy;
    if (strategy !== null) metadata.set('strategy', strategy);
    for (const [name, value] of Object.entries(ask.headers ?? {})) metadata.set(name, value);
    let cancel = (): void => {};
    const answer = new Promise<Calls[M][1]>((resolve, reject) => {
      const calls: UnaryCalls<Calls> = this.#stub;
      const call = calls[rpc](request, metadata, {}, (error, response) =>
        error === null && response !== undefined ? resolve(response) : reject(error),
      );
      cancel = () => call.cancel();
    });
    return { answer, cancel };
  }

  call<M extends Rpc>(rpc: M, request: Calls[M][0], ask?: Ask): Promise<Calls[M][1]> {
    return this.start(rpc, request, ask).answer;
  }

  cluster(rpc: keyof ClusterServiceCalls, user = 'holdfast', password = 'holdfast'): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#cluster[rpc]({ user, password }, new Metadata(), {}, (error, response) =>
        error === null && response !== undefined ? resolve(response.status) : reject(error),
      );
    });
  }

  async authenticate(): Promise<Calls['authenticate'][1]> {
    const response = await this.call('authenticate', { user: 'holdfast', password: 'holdfast' });
    this.sessionId = response.sessionId;
    return response;
  }

  prepare(queryString: string): Promise<Calls['prepareStatementV2'][1]> {
    const { sessionId } = this;
    return this.call('prepareStatementV2', {
      sessionId,
      schema: 's',
      catalog: 'c',
      queryString,
      quoting: '',
    });
  }

  execute(queryId: string, ask?: Ask): Promise<Calls['executeStatement'][1]> {
    return this.call('executeStatement', { ...this.of(queryId), shouldNotCache: false }, ask);
  }

  /** Prepares and executes; the query's id. */
  async run(text: string): Promise<string> {
    const { queryId } = await this.prepare(text);
    await this.execute(queryId);
    return queryId;
  }

  /** The text of the next batch. */
  async next(queryId: string): Promise<string> {
    return Buffer.from((await this.call('getNextResultBatch', this.of(queryId))).resultBatch).toString();
  }

  clear(queryId: string): Promise<Calls['clear'][1]> {
    return this.call('clear', this.of(queryId));
  }

  /** What every call about a query carries. */
  of(queryId: string): { engineIP: string; sessionId: string; queryId: string } {
    return { engineIP: '', sessionId: this.sessionId, queryId };
  }
}
