import type { MethodDefinition } from '@grpc/grpc-js';
import { Connection } from '../../src/connection/connection.js';
import { type ConnectOptions, resolveConnectOptions } from '../../src/connection/options.js';
import { EngineClient } from '../../src/engine/engine-client.js';
import type { EngineTransport, SendOptions } from '../../src/engine/transport.js';
import { StrategyManager } from '../../src/manager/strategy-manager.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import { parseStrategy, type Strategy } from '../../src/strategy.js';
import { QUIET, type SimConfig } from '../sim/config.js';
import { errorOf, type Loss, type Refusal } from '../sim/engine/answers.js';
import { VirtualEngine } from '../sim/engine/virtual-engine.js';
import { ManualClock } from './manual-clock.js';

/** A call that reached the engine. */
export interface LoggedCall {
  readonly rpc: string;
  readonly strategy: Strategy | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly request: object;
}

/** A connection whose calls an engine in this process answers at once. */
export class DirectEngine implements EngineTransport {
  readonly engine: VirtualEngine;
  readonly calls: LoggedCall[] = [];
  readonly clock: ManualClock = new ManualClock();
  readonly manager: StrategyManager;
  readonly connection: Connection;
  /** How the next call of an RPC fails, one after the other. */
  readonly failures: { readonly rpc: string; readonly kind: Refusal | Loss }[] = [];
  /** Called with the name of an RPC before the engine gets it. */
  before: (rpc: string) => void = () => {};
  /** A word that replies of this RPC carry, whatever the engine says. */
  word: { readonly rpc: string; readonly strategy: Strategy } | null = null;

  constructor(bounds: Partial<SimConfig> = {}, options: Partial<ConnectOptions> = {}) {
    this.engine = new VirtualEngine({ ...QUIET, ...bounds });
    const { clock } = this;
    const resolved = resolveConnectOptions({
      ...{ host: 'engine.example', port: 1, username: 'u', password: 'p', clock },
      ...options,
    });
    const { target, clusterName: cluster } = resolved;
    this.manager = new StrategyManager({ target, cluster, store: inProcessStore(), clock });
    this.connection = new Connection(new EngineClient(resolved, this.manager, this), { ownsManager: true });
  }

  /** The names of the RPCs so far, with the deployment of each. */
  get trace(): string[] {
    return this.calls.map(({ rpc, strategy }) => `${rpc} ${strategy}`);
  }

  /** Lets time pass until the promise is settled, 100 s at most. */
  async after<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    work.then(over, over);
    for (let at = 0; !isOver && at < 1_000; at++) await this.clock.advanceAsync(100);
    if (!isOver) throw new Error('it is not settled after 100 s');
    return work;
  }

  async send<Req, Res>({ path }: MethodDefinition<Req, Res>, request: Req, o: SendOptions): Promise<Res> {
    const method = path.slice(path.lastIndexOf('/') + 1);
    const rpc = path.startsWith('/ClusterService/') ? `cluster ${method}` : method;
    const fields = Object(request) as Partial<Record<string, string>>;
    const strategy = parseStrategy(o.headers.get('strategy')[0]);
    this.calls.push({ rpc, strategy, headers: o.headers.getMap(), request: fields });
    this.before(rpc);
    const failure = this.failures.findIndex((one) => one.rpc === rpc);
    if (failure >= 0) throw errorOf(this.failures.splice(failure, 1)[0]?.kind ?? '456', () => 0);
    const { sessionId = '', queryId = '', queryString: sql = '' } = fields;
    const answer = this.engine.answer({ rpc, strategy, sessionId, queryId, sql, isLate: false });
    if (answer.kind !== 'ok') throw errorOf(answer.kind, () => 0);
    const named = this.word?.rpc === rpc ? { newStrategy: this.word.strategy } : {};
    // The reply has the fields of every response.
    return { ...EXTRAS, ...answer.response, ...named } as Res;
  }

  close(): void {}
}

/** What replies carry that the virtual engine does not know of. */
const EXTRAS = {
  status: true,
  rowCount: 3n,
  explain: 'the plan',
  explainAnalyze: '{}',
  isCached: false,
  parsingTime: 1n,
  queueingTime: 2n,
  dryrunValue: 'it would run',
  schemas: ['s'],
  tables: ['t'],
  fieldInfo: [],
} as const;
