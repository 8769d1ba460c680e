import { encodeBatch, encodeMetadata } from '@holdfast/strategy-client/wire';

const COLUMNS = [
  { name: 'n', type: 'LONG', zone: '', format: '' },
  { name: 'name', type: 'STRING', zone: '', format: '' },
];
const SESSION = 'session-of-the-stand-in';
const METADATA = encodeMetadata({ rowCount: 1n, columns: COLUMNS });
const BATCH = encodeBatch(COLUMNS, [[1n, 'row 1']]);
const NOTHING = new Uint8Array();

/** Every request has some of these. */
interface Asked {
  readonly queryId?: string;
}

/** Answers as an engine whose every query has one row in one batch, from within this process. */
export class StandInEngine {
  /** Queries that were neither cleared nor cancelled, with the batches that each was given. */
  readonly running: Map<string, number> = new Map();
  calls = 0;
  #prepared = 0;

  readonly #answers: ReadonlyMap<string, (asked: Asked) => object> = new Map(
    Object.entries({
      authenticate: () => ({ sessionId: SESSION, newStrategy: undefined }),
      getSchemaNamesV2: () => ({ schemas: [], sessionId: SESSION, newStrategy: undefined }),
      prepareStatementV2: () => this.#prepare(),
      executeStatementV2: () => ({ sessionId: SESSION, newStrategy: undefined }),
      getResultMetadata: () => ({ resultMetaData: METADATA, sessionId: SESSION, newStrategy: undefined }),
      getNextResultBatch: ({ queryId }: Asked) => this.#batch(queryId),
      clearOrCancelQuery: ({ queryId }: Asked) => this.#end(queryId),
      cancelQuery: ({ queryId }: Asked) => this.#end(queryId),
    }).map(([rpc, answer]) => [`/QueryEngineService/${rpc}`, answer]),
  );

  /** The response of an RPC by its path. */
  answer(path: string, request: unknown): object {
    this.calls += 1;
    const answer = this.#answers.get(path);
    if (answer === undefined) throw new Error(`the stand-in does not know ${path}`);
    return answer(request as Asked);
  }

  #prepare(): object {
    this.#prepared += 1;
    const queryId = `query-${this.#prepared}`;
    this.running.set(queryId, 0);
    return { engineIP: '127.0.0.1', queryId, sessionId: SESSION, newStrategy: undefined };
  }

  #batch(queryId = ''): object {
    const given = this.running.get(queryId);
    if (given !== undefined) this.running.set(queryId, given + 1);
    return { resultBatch: given === 0 ? BATCH : NOTHING, sessionId: SESSION, newStrategy: undefined };
  }

  #end(queryId = ''): object {
    this.running.delete(queryId);
    return { sessionId: SESSION, newStrategy: undefined };
  }
}
