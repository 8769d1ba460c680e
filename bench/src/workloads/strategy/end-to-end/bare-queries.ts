import { type CallOptions, credentials, Metadata, type requestCallback } from '@grpc/grpc-js';
import { QueryEngineStub } from '@holdfast/strategy-client/protocol';
import { wallMs } from '../../../harness/clock.js';
import { CATALOG, CLUSTER, PASSWORD, SCHEMA, STATEMENT, USER } from './statement.js';

/** As the client's. */
const STATEMENT_MS = 600_000;
const CONTROL_MS = 30_000;
const STRATEGY = 'blue';

type UnaryMethod<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Res>,
) => unknown;

/**
 * The calls of a query by nothing but a stub: the same ones with the same Metadata and deadlines as the client's, clear
 * not waited for either. It knows of no switch, repeats nothing, and leaves the rows as bytes.
 */
export class BareQueries {
  readonly #stub: QueryEngineStub;
  readonly #headers: Metadata;
  #sessionId = '';

  private constructor(port: number) {
    // A connection of its own, as the client has one.
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    this.#stub = new QueryEngineStub(`127.0.0.1:${port}`, credentials.createInsecure(), options);
    this.#headers = headersOf({});
  }

  static async open(port: number): Promise<BareQueries> {
    const bare = new BareQueries(port);
    const stub = bare.#stub;
    const { sessionId } = await call(
      stub.authenticate.bind(stub),
      { user: USER, password: PASSWORD },
      { headers: bare.#headers, timeoutMs: CONTROL_MS },
    );
    bare.#sessionId = sessionId;
    return bare;
  }

  /** One query, to the end of its rows. */
  async query(queryString: string = STATEMENT): Promise<void> {
    const stub = this.#stub;
    const sessionId = this.#sessionId;
    const { queryId, engineIP } = await call(
      stub.prepareStatementV2.bind(stub),
      { sessionId, schema: SCHEMA, catalog: CATALOG, queryString, quoting: '' },
      { headers: this.#headers, timeoutMs: STATEMENT_MS },
    );
    const o = { headers: headersOf({ engineIP }), timeoutMs: STATEMENT_MS };
    const query = { engineIP, sessionId, queryId };
    await call(stub.executeStatementV2.bind(stub), { ...query, shouldNotCache: false, params: [] }, o);
    await call(stub.getResultMetadata.bind(stub), query, o);
    for (;;) {
      const { resultBatch } = await call(stub.getNextResultBatch.bind(stub), query, o);
      if (resultBatch.length === 0) break;
    }
    void call(stub.clearOrCancelQuery.bind(stub), query, { ...o, timeoutMs: CONTROL_MS });
  }

  close(): void {
    this.#stub.close();
  }
}

function headersOf({ engineIP }: { readonly engineIP?: string }): Metadata {
  const headers = new Metadata();
  if (engineIP !== undefined) headers.set('plannerip', engineIP);
  headers.set('cluster-name', CLUSTER);
  headers.set('strategy', STRATEGY);
  return headers;
}

function call<Req, Res>(
  method: UnaryMethod<Req, Res>,
  request: Req,
  { headers, timeoutMs }: { readonly headers: Metadata; readonly timeoutMs: number },
): Promise<Res> {
  return new Promise((resolve, reject) => {
    method(request, headers, { deadline: wallMs() + timeoutMs }, (error, response) => {
      if (error) reject(error);
      else resolve(response as Res);
    });
  });
}
