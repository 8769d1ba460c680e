import { AuthenticationError, DeploymentGoneError, LostAfterSend } from '../../../src/errors.js';
import type { Routing, SwitchReason } from '../../../src/routing/routing.js';
import type { Strategy } from '../../../src/strategy.js';
import type { SimConfig } from '../config.js';
import { CLUSTER_RESUME, CLUSTER_STATUS, type VirtualEngine } from '../engine/virtual-engine.js';
import type { Message } from '../network/message.js';
import type { UserQuery } from '../user-query.js';
import type { SimClock } from '../world/sim-clock.js';
import type { World } from '../world/world.js';
import { JudgedSide } from './side.js';
import { Violations } from './violations.js';
import { type Brought, WordsJudge } from './words.js';

/** What the judge looks at. */
export interface JudgeOptions {
  readonly world: World;
  readonly engine: VirtualEngine;
  readonly clock: SimClock;
  readonly config: SimConfig;
  /** The routing of each process. */
  readonly routings: () => readonly Routing[];
}

/** No authentication is repeated sooner, in ms: the base of the backoff less its jitter. */
const SHORTEST_PAUSE_MS = 150;
/** A call gives up after five attempts: so many disturbances it has to bear, less one. */
const MOST_BORNE = 4;
const ENDS = new Set(['clearOrCancelQuery', 'cancelQuery']);
const PINNED = new Set([
  'executeStatement',
  'getResultMetadata',
  'getNextResultBatch',
  'clearOrCancelQuery',
  'cancelQuery',
]);

/** Judges every call, every answer and every move by engine-wire 4b and 4c. */
export class Judge {
  readonly violations: Violations;
  readonly sides: readonly JudgedSide[];
  /** Queries of which an execute or a batch was lost after it was sent. */
  readonly hit = new Set<string>();
  /** Faults so far. */
  faults = 0;
  readonly #o: JudgeOptions;
  readonly #words: WordsJudge;
  readonly #sqls = new Map<string, string>();
  readonly #executions = new Map<string, number>();
  #brought: { readonly process: number; readonly what: Brought } | null = null;

  constructor(o: JudgeOptions) {
    this.#o = o;
    this.violations = new Violations(() => o.world.steps);
    this.#words = new WordsJudge(this.violations);
    this.sides = Array.from({ length: o.config.processes }, () => new JudgedSide());
  }

  /** Steps so far. */
  get now(): number {
    return this.#o.world.steps;
  }

  /** The text of a query by its id. */
  sqlOf(queryId: string): string {
    return this.#sqls.get(queryId) ?? '';
  }

  sideOf(process: number): JudgedSide {
    const side = this.sides[process];
    if (side === undefined) throw new Error(`there is no process ${process}`);
    return side;
  }

  /** A process sends a call. */
  sent({ process, rpc, strategy, call, name }: Message): void {
    const { violations } = this;
    if (rpc === CLUSTER_STATUS || rpc === CLUSTER_RESUME) return;
    violations.expect(strategy !== null, () => `${name} has no strategy header`);
    if (strategy === null) return;
    if (rpc === 'authenticate') {
      this.#authenticates(process, strategy);
      return;
    }
    violations.expect(
      call.sessionId.endsWith(` on ${strategy}`),
      () => `${name} goes with ${call.sessionId}`,
    );
    const routing = this.#o.routings()[process];
    if (rpc === 'prepareStatement') {
      violations.expect(
        routing?.target === strategy,
        () => `${name}, while the target is ${routing?.target}`,
      );
      const isKnown = routing?.isConfirmed === true || this.sideOf(process).auths[strategy].okAt === this.now;
      violations.expect(isKnown, () => `${name}, while the target is a guess`);
    }
    if (PINNED.has(rpc))
      violations.expect(
        call.queryId.startsWith(strategy),
        () => `${name} has left its deployment: ${call.queryId}`,
      );
  }

  /** The engine has processed a call. */
  processed({ rpc, answer, call }: Message): void {
    if (answer?.kind !== 'ok') return;
    if (rpc === 'prepareStatement') this.#sqls.set(idOf(answer.response), call.sql);
    if (rpc !== 'executeStatement') return;
    const times = (this.#executions.get(call.sql) ?? 0) + 1;
    this.#executions.set(call.sql, times);
    const mayRepeat = this.#o.config.queries[Number(call.sql.slice(6)) - 1]?.idempotent;
    this.violations.expect(
      times === 1 || mayRepeat === true,
      () => `${call.sql} was executed ${times} times`,
    );
  }

  /** A process gets a reply. */
  delivered(message: Message): void {
    const { process, answer, epoch } = message;
    const side = this.sideOf(process);
    this.#brought = { process, what: { what: 'reply', message } };
    if (message.rpc === 'authenticate' && message.strategy !== null)
      this.#authenticated(message, message.strategy);
    // Whether it was suspended, and so processed nothing, may not be found out any more.
    if (answer?.kind === '503') this.#missed(message);
    // Nobody wakes a cluster for that.
    if (answer?.kind === '503' && ENDS.has(message.rpc)) this.#orphan(message.call.queryId);
    if (answer?.kind === 'ok' && answer.word !== null && epoch === this.#o.engine.at)
      side.latestWord = answer.word;
  }

  /** A process learns that a call is lost. */
  lost(message: Message, how: 'before send' | 'after send'): void {
    if (message.rpc === 'authenticate' && message.strategy !== null)
      this.#authenticated(message, message.strategy);
    if (how === 'before send') return;
    this.#missed(message);
    this.orphaned(message);
  }

  #orphan(id: string): void {
    for (const query of this.#o.engine.held) if (query.id === id) query.isOrphan = true;
  }

  #missed({ rpc, call }: Message): void {
    if (rpc === 'executeStatement' || rpc === 'getNextResultBatch') this.hit.add(call.sql);
  }

  /** Nobody learns of the query that this call has prepared. */
  orphaned({ rpc, answer }: Message): void {
    if (rpc !== 'prepareStatement' || answer?.kind !== 'ok') return;
    this.#orphan(idOf(answer.response));
  }

  /** A process has read the store; what won a race against its own word and says the same is no news. */
  readStore(process: number, strategy: Strategy | null, o: { isNews: boolean; hasLost: boolean }): void {
    const isNews = o.isNews && !(o.hasLost && strategy === this.sideOf(process).target);
    this.#brought = { process, what: { what: 'store', strategy, isNews } };
  }

  moved(process: number, to: Strategy, reason: SwitchReason): void {
    this.#words.moved(to, reason, this.#brought?.process === process ? this.#brought.what : null);
  }

  /** The operator has done something: what was announced before is out of date. */
  operated(): void {
    for (const side of this.sides) side.latestWord = null;
  }

  /** All code has come to rest after a step. */
  afterStep(): void {
    for (const [process, routing] of this.#o.routings().entries()) {
      const brought = this.#brought?.process === process ? this.#brought.what : null;
      this.#words.after(this.sideOf(process), routing, brought, this.#o.world.steps);
    }
    this.#brought = null;
  }

  /** A user has what there is to get. */
  ended({ sql, rows, error, config, wasCancelled }: UserQuery): void {
    const { violations } = this;
    violations.expect(
      rows.every((row, at) => row === at),
      () => `${sql} got the rows ${rows}`,
    );
    if (error === null) {
      violations.expect(
        rows.length === config.rows,
        () => `${sql} got ${rows.length} of ${config.rows} rows`,
      );
      return;
    }
    const told =
      error instanceof LostAfterSend || error instanceof DeploymentGoneError ? error.rowsDelivered : null;
    violations.expect(
      told === null || told === rows.length,
      () => `${sql} got ${rows.length} rows, not ${told}`,
    );
    violations.expect(
      wasCancelled || this.#isExcused(sql, error, config.idempotent && rows.length === 0),
      () => `${sql} fails: ${error}`,
    );
  }

  #isExcused(sql: string, error: Error, mayRestart: boolean): boolean {
    const { engine, config } = this.#o;
    if (error instanceof LostAfterSend) return this.hit.has(sql) && !mayRestart;
    if (error instanceof DeploymentGoneError) return (engine.isGone || engine.hasExpired) && !mayRestart;
    if (error instanceof AuthenticationError) return config.wrong.length > 0;
    return this.#disturbances() >= MOST_BORNE;
  }

  /** What may each have cost a call one of its attempts. */
  #disturbances(): number {
    const { engine, config } = this.#o;
    const switches = config.script.slice(0, engine.at).filter((step) => step !== 'announce').length;
    return switches + this.faults;
  }

  #authenticates(process: number, strategy: Strategy): void {
    const record = this.sideOf(process).auths[strategy];
    const { violations } = this;
    violations.expect(++record.inFlight === 1, () => `two authentications in flight on ${strategy}`);
    const pause = record.failedAt === null ? Infinity : this.#o.clock.monotonic() - record.failedAt;
    violations.expect(
      pause >= SHORTEST_PAUSE_MS,
      () => `an authentication on ${strategy} is repeated after ${pause} ms`,
    );
  }

  #authenticated({ process, answer, isGivenUp, sentAt }: Message, strategy: Strategy): void {
    const record = this.sideOf(process).auths[strategy];
    record.inFlight--;
    if (answer?.kind === 'ok' && !isGivenUp) {
      record.failedAt = null;
      record.okAt = this.#o.world.steps;
      record.okSentAt = sentAt;
    } else if (answer?.kind === '503' && !isGivenUp) record.failedAt = null;
    else record.failedAt = this.#o.clock.monotonic();
  }
}

function idOf(response: object): string {
  return 'queryId' in response && typeof response.queryId === 'string' ? response.queryId : '';
}
