import { otherStrategy, type Strategy } from '../../../src/strategy.js';
import type { OperatorStep, SimConfig } from '../config.js';
import { type Answer, failed, ok } from './answers.js';

/** A call as it reaches the router. */
export interface EngineCall {
  readonly rpc: string;
  /** The header `strategy`. */
  readonly strategy: Strategy | null;
  readonly sessionId: string;
  readonly queryId: string;
  readonly sql: string;
  /** The client has given up: nobody will use what this makes. */
  readonly isLate: boolean;
}

/** A query that a deployment holds. */
export interface HeldQuery {
  readonly id: string;
  readonly sql: string;
  readonly strategy: Strategy;
  executions: number;
  next: number;
  /** Its client does not know it, or has no session any more to clear it with. */
  isOrphan: boolean;
}

/** The calls of the cluster service, which stands outside of both deployments. */
export const CLUSTER_STATUS = 'cluster status';
export const CLUSTER_RESUME = 'cluster resume';

const CATALOG: ReadonlySet<string> = new Set(['getSchemaNamesV2', 'getTablesV2', 'getColumnsV2', 'dryRun']);
const UNPINNED: ReadonlySet<string> = new Set(['authenticate', 'prepareStatement', ...CATALOG]);
const ENDS: ReadonlySet<string> = new Set(['clear', 'clearOrCancelQuery', 'cancelQuery']);

/** Router and deployments, with the states of engine-wire 4d. Sessions and queries belong to one deployment. */
export class VirtualEngine {
  active: Strategy;
  phase: 'steady' | 'announced' | 'drain' = 'steady';
  /** Steps of the operator so far. */
  at = 0;
  /** A deployment went off while a query ran on it. */
  isGone = false;
  /** What the cluster service tells; while it is not active, no deployment answers. */
  cluster: 'active' | 'suspended' | 'resuming' = 'active';
  /** Sessions have expired. */
  hasExpired = false;
  held: HeldQuery[] = [];
  readonly #config: SimConfig;
  readonly #sessions: Record<Strategy, Set<string>> = { blue: new Set(), green: new Set() };
  readonly #rows: ReadonlyMap<string, number>;
  #isEarly = false;
  #made = 0;

  constructor(config: SimConfig) {
    this.#config = config;
    this.active = config.active;
    this.#rows = new Map(config.queries.map(({ rows }, at) => [sqlOf(at), rows]));
  }

  /** What the operator can do next; null: nothing. */
  get nextStep(): OperatorStep | null {
    const step = this.#config.script[this.at] ?? null;
    return step === 'off' && this.isBusy && !this.#config.shortDrain ? null : step;
  }

  /** Whether the active deployment still has queries, for which a drain waits. */
  get isBusy(): boolean {
    return this.held.some(({ strategy, isOrphan }) => strategy === this.active && !isOrphan);
  }

  operate(step: OperatorStep): void {
    const { active } = this;
    if (step === 'announce') this.#isEarly = this.#config.early;
    if (step === 'cutover') this.#isEarly = false;
    if (step === 'back' || step === 'off') this.active = otherStrategy(active);
    if (step === 'off') {
      this.isGone ||= this.held.some(({ strategy, isOrphan }) => strategy === active && !isOrphan);
      this.held = this.held.filter(({ strategy }) => strategy !== active);
      this.#sessions[active].clear();
    }
    this.phase = ({ announce: 'announced', cutover: 'drain', back: 'announced', off: 'steady' } as const)[
      step
    ];
    if (step === 'back') this.#isEarly = false;
    this.at++;
  }

  /** The deployment forgets its sessions. */
  expire(strategy: Strategy): void {
    this.hasExpired = true;
    this.#sessions[strategy].clear();
    for (const query of this.held) if (query.strategy === strategy) query.isOrphan = true;
  }

  serves(strategy: Strategy, isPinned: boolean): boolean {
    if (this.phase === 'steady') return strategy === this.active;
    if (this.phase === 'announced') return strategy === this.active || !this.#isEarly;
    return isPinned || strategy !== this.active;
  }

  /** Processes a call. */
  answer(call: EngineCall): Answer {
    const { rpc, strategy, sessionId } = call;
    if (rpc === CLUSTER_STATUS) return this.#clusterStatus();
    if (rpc === CLUSTER_RESUME) return this.#resume();
    if (this.cluster !== 'active') return failed('503');
    if (strategy === null || !this.serves(strategy, !UNPINNED.has(rpc))) return failed('456');
    const word = this.#wordOf(strategy);
    if (rpc === 'authenticate') return this.#authenticate(strategy, word);
    if (!this.#knows(strategy, sessionId)) return failed('expired');
    if (rpc === 'prepareStatement') return this.#prepare(call, strategy, word);
    if (CATALOG.has(rpc)) return ok(word, {});
    const query = this.held.find(({ id, strategy: at }) => id === call.queryId && at === strategy);
    if (query === undefined) return failed('not found');
    return this.#ofQuery(rpc, query, word);
  }

  /** A cluster that resumes is active when it is asked for the second time. */
  #clusterStatus(): Answer {
    const answer = ok(null, { status: this.cluster });
    if (this.cluster === 'resuming') this.cluster = 'active';
    return answer;
  }

  #resume(): Answer {
    if (this.cluster === 'suspended') this.cluster = 'resuming';
    return ok(null, { status: this.cluster });
  }

  #wordOf(strategy: Strategy): Strategy | null {
    if (this.phase === 'announced') return otherStrategy(this.active);
    return this.phase === 'drain' && strategy === this.active ? otherStrategy(strategy) : null;
  }

  #authenticate(strategy: Strategy, word: Strategy | null): Answer {
    if (this.#config.wrong.includes(strategy)) return failed('wrong password');
    const sessionId = `session ${++this.#made} on ${strategy}`;
    this.#sessions[strategy].add(sessionId);
    return ok(word, { sessionId });
  }

  #knows(strategy: Strategy, sessionId: string): boolean {
    if (this.#config.lenient && sessionId !== '') return true;
    return this.#sessions[strategy].has(sessionId);
  }

  #prepare({ sql, isLate }: EngineCall, strategy: Strategy, word: Strategy | null): Answer {
    const id = `${strategy}-${++this.#made}`;
    this.held.push({ id, sql, strategy, executions: 0, next: 0, isOrphan: isLate });
    return ok(word, { queryId: id });
  }

  #ofQuery(rpc: string, query: HeldQuery, word: Strategy | null): Answer {
    if (rpc === 'executeStatement') query.executions++;
    const total = this.#rows.get(query.sql) ?? 0;
    if (rpc === 'getNextResultBatch') {
      const row = query.next++;
      return ok(word, { row: row < total ? row : null });
    }
    if (ENDS.has(rpc)) this.held = this.held.filter((other) => other !== query);
    return ok(word, { rowCount: total });
  }
}

/** The text of a query by its number, from 0. */
export const sqlOf = (at: number): string => `query ${at + 1}`;
