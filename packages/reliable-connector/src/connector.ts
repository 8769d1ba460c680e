import { createHash } from 'node:crypto';
import { checkedDeadline, checkedIdempotencyKey } from './checks.js';
import { ReliableConnectorError } from './errors.js';
import type { SagaEvents } from './events.js';
import type { GroupContext } from './groups/context.js';
import { CREATE } from './groups/create-saga.js';
import { DELETE } from './groups/delete-saga.js';
import { FORCE_DELETE } from './groups/force-delete-saga.js';
import { getGroup } from './groups/get-group.js';
import { groupIdOf } from './groups/group-id.js';
import type { CreateInput, DeleteInput } from './groups/inputs.js';
import { planCalls } from './groups/plan.js';
import { pooled } from './groups/pooled.js';
import { recover } from './groups/recover.js';
import { repair } from './groups/repair.js';
import { stats } from './groups/stats.js';
import { verify } from './groups/verify.js';
import { oneOf } from './in-range.js';
import type { JournalInfo, SagaQuery } from './journal/journal.js';
import type { SagaRecord } from './journal/records.js';
import type { ItemOutcome, Outcome } from './outcome.js';
import type {
  GroupReport,
  ParkedSaga,
  PlannedCall,
  RecoverReport,
  RepairItem,
  RepairOptions,
  SagaReport,
  StatsReport,
  VerifyReport,
} from './reports.js';
import type { StartRequest } from './saga/admission.js';
import { parkedSagas } from './saga/parked.js';

/** What every operation on one id takes. */
export interface OperationOptions {
  /** Ms after which the promise settles, whatever is still to be done. Default: the connector's. */
  readonly deadlineMs?: number;
  /** Stops forward work, never an undo (4.8). */
  readonly signal?: AbortSignal;
  /** The same key with the same arguments is the same saga and outcome, also across processes (S9). Default none. */
  readonly idempotencyKey?: string;
}

export interface CreateOptions extends OperationOptions {
  /** At the deadline: undo, or go on without the caller. Default `abort`. */
  readonly onDeadline?: 'abort' | 'forward';
}

export interface DeleteOptions extends OperationOptions {
  /** When it cannot be finished: go on, or put the record back on all nodes. Default `forward`. */
  readonly onFailure?: 'forward' | 'restore';
  /** Delete any version, also one that this journal did not make; forward only. Default false. */
  readonly force?: boolean;
}

/** How many items of a bulk call are at work at once. */
export interface BulkOptions {
  /** Default 16. */
  readonly concurrency?: number;
}

/** A read: `deadlineMs` in ms, default the connector's. */
export interface ReadOptions {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_CONCURRENCY = 16;

/**
 * Creates and deletes groups on all nodes or on none (4.4, 4.5), whatever crashes, gets lost or comes late. What can
 * still go wrong is in docs/guarantees.md: a node that never returns leaves its saga parked; a request that outlives
 * `maxServerLagMs` can leave an orphan, which `verify` finds; other writers of the same ids void S4 and S6 for them.
 */
export class ReliableConnector implements AsyncDisposable {
  /** Scope of the fence, the same for all connectors of one journal. */
  readonly journalId: string;
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  readonly #context: GroupContext;
  readonly #close: (graceMs: number) => Promise<void>;

  /** Use `openConnector`. */
  constructor(context: GroupContext, close: (graceMs: number) => Promise<void>) {
    this.#context = context;
    this.#close = close;
    this.journalId = context.session.journalId;
    this.nodes = context.nodes;
  }

  /** Creates one group on all nodes. Throws `INVALID_ARGUMENT`, `IDEMPOTENCY_MISMATCH`, `JOURNAL_STOPPED`, `CLOSED`. */
  async createGroup(groupId: string | number, o: CreateOptions = {}): Promise<Outcome> {
    const input: CreateInput = {
      groupId: this.#id(groupId),
      onDeadline: oneOf('onDeadline', o.onDeadline ?? 'abort', ['abort', 'forward']),
    };
    const request = { definition: this.#context.sagas.create, phase: 'applying' as const, allocate: true };
    return this.#start(
      { ...request, input: { ...input } },
      input.groupId,
      `${CREATE}|${input.onDeadline}`,
      o,
    );
  }

  /** Deletes one group on all nodes. Throws as `createGroup`. */
  async deleteGroup(groupId: string | number, o: DeleteOptions = {}): Promise<Outcome> {
    const input: DeleteInput = {
      groupId: this.#id(groupId),
      onFailure: oneOf('onFailure', o.onFailure ?? 'forward', ['forward', 'restore']),
    };
    if (o.force && input.onFailure === 'restore')
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        'force deletes versions that nobody knows, so nothing can be restored; leave out one of the two',
      );
    const request = o.force
      ? { definition: this.#context.sagas.forceDelete, phase: 'applying' as const, allocate: false }
      : { definition: this.#context.sagas.delete, phase: 'locked' as const, allocate: false };
    const op = o.force ? FORCE_DELETE : `${DELETE}|${input.onFailure}`;
    return this.#start({ ...request, input: { ...input } }, input.groupId, op, o);
  }

  /** Creates many, at most `concurrency` at once; yields each as it is done, none is lost to another's failure (L4). */
  createGroups(
    ids: Iterable<string | number> | AsyncIterable<string | number>,
    o: CreateOptions & BulkOptions = {},
  ): AsyncIterable<ItemOutcome> {
    const each = withoutKey(o);
    return this.#bulk(ids, o, (id) => this.createGroup(id, each));
  }

  /** Deletes many, as `createGroups`. */
  deleteGroups(
    ids: Iterable<string | number> | AsyncIterable<string | number>,
    o: DeleteOptions & BulkOptions = {},
  ): AsyncIterable<ItemOutcome> {
    const each = withoutKey(o);
    return this.#bulk(ids, o, (id) => this.deleteGroup(id, each));
  }

  /** Per-node existence, `pending` while a saga holds the id. */
  async getGroup(groupId: string | number, o: ReadOptions = {}): Promise<GroupReport> {
    return getGroup(this.#open(), this.#id(groupId), this.#read(o));
  }

  /** The origin's statistics. Throws `NODES_UNREACHABLE`. */
  async stats(o: ReadOptions = {}): Promise<StatsReport> {
    return stats(this.#open(), this.#read(o));
  }

  /** Compares nodes and catalog. Sends no write. */
  async verify(
    o: { readonly ids?: Iterable<string | number>; readonly signal?: AbortSignal } = {},
  ): Promise<VerifyReport> {
    const ids = o.ids && new Set(Array.from(o.ids, (id) => this.#id(id)));
    return verify(this.#open(), { ids, signal: o.signal });
  }

  /** Makes the nodes agree with the catalog, one saga per id. */
  async repair(o: RepairOptions = {}): Promise<readonly RepairItem[]> {
    const remove = (groupId: string, force: boolean): Promise<Outcome> =>
      this.deleteGroup(groupId, { force, ...(o.signal && { signal: o.signal }) });
    return repair(this.#open(), { fill: this.#context.sagas.fill, remove }, o);
  }

  /** Finishes what dead processes left behind. `wait`: also what only waits for Q. Never waits for parked sagas. */
  async recover(o: { readonly wait?: boolean; readonly signal?: AbortSignal } = {}): Promise<RecoverReport> {
    return recover(this.#open(), { wait: o.wait ?? false, signal: o.signal });
  }

  /** Sagas that need an operator, or a node that has been away for long. */
  async parked(): Promise<readonly ParkedSaga[]> {
    return parkedSagas(this.#open().engine);
  }

  /**
   * The operator's word on one node of a parked saga: `done`, its obligation is met, nothing more is sent there for this
   * saga; `retry`, try again. The saga goes on at once. Throws `SAGA_NOT_FOUND`.
   */
  async resolve(
    sagaId: number,
    o: { readonly node: string; readonly assume: 'done' | 'retry'; readonly by?: string },
  ): Promise<SagaRecord> {
    const { engine } = this.#open();
    const resolved = await engine.resolve(sagaId, { step: o.node, assume: o.assume, by: o.by ?? 'operator' });
    if (!resolved)
      throw new ReliableConnectorError(
        'SAGA_NOT_FOUND',
        `no parked saga ${sagaId} with a node ${o.node}; parked() lists what can be resolved`,
      );
    return resolved;
  }

  /** One saga by its number or idempotency key; null: unknown, or pruned after its retention. */
  async status(ref: number | { readonly idempotencyKey: string }): Promise<SagaReport | null> {
    const { session } = this.#open();
    const saga = await (typeof ref === 'number'
      ? session.saga(ref)
      : session.sagaByIdempotencyKey(ref.idempotencyKey));
    const [report] = saga ? await this.#report([saga]) : [];
    return report ?? null;
  }

  /** Sagas of the journal; by default the unfinished ones. */
  async sagas(query: SagaQuery = {}): Promise<readonly SagaReport[]> {
    return this.#report(await this.#open().session.sagas(query));
  }

  /** The calls that an operation would make. Sends nothing. */
  async plan(op: 'create' | 'delete', groupId: string | number): Promise<readonly PlannedCall[]> {
    return planCalls(this.#open(), op, this.#id(groupId));
  }

  /** The journal in figures. */
  async info(): Promise<JournalInfo> {
    return this.#open().session.info();
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof SagaEvents>(event: E, listener: (payload: SagaEvents[E]) => void): () => void {
    return this.#context.engine.events.on(event, listener);
  }

  /**
   * Takes no more calls, lets running sagas end for `graceMs` (ms, default 0), and gives the rest to the journal, where
   * the next recovery finds them. Never rejects for a saga's sake.
   */
  async close(o: { readonly graceMs?: number } = {}): Promise<void> {
    await this.#close(o.graceMs ?? 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): GroupContext {
    this.#context.engine.assertOpen();
    return this.#context;
  }

  #id(groupId: string | number): string {
    return groupIdOf(groupId, this.#context.options.limits.idBytes);
  }

  #read(o: ReadOptions): { readonly deadlineMs: number; readonly signal: AbortSignal | undefined } {
    const deadlineMs = checkedDeadline(o.deadlineMs ?? this.#context.options.deadlineMs);
    return { deadlineMs, signal: o.signal };
  }

  async #start(
    request: Pick<StartRequest, 'definition' | 'phase' | 'allocate' | 'input'>,
    groupId: string,
    op: string,
    o: OperationOptions,
  ): Promise<Outcome> {
    const { engine, clients, options, nodes, session } = this.#open();
    const idempotency =
      o.idempotencyKey !== undefined
        ? {
            key: checkedIdempotencyKey(o.idempotencyKey),
            argsHash: createHash('sha256').update(`${op}|${groupId}`).digest('base64'),
          }
        : undefined;
    // Before PLAN (4.8); a key that is known already is joined all the same.
    const dead = clients.filter((client) => !client.available).map((client) => client.name);
    if (dead.length > 0 && !(idempotency && (await session.sagaByIdempotencyKey(idempotency.key))))
      return unavailable(dead);
    return engine.start({
      ...request,
      key: groupId,
      steps: nodes,
      deadlineMs: checkedDeadline(o.deadlineMs ?? options.deadlineMs),
      signal: o.signal,
      idempotency,
    });
  }

  #bulk(
    ids: Iterable<string | number> | AsyncIterable<string | number>,
    o: BulkOptions,
    one: (id: string | number) => Promise<Outcome>,
  ): AsyncIterable<ItemOutcome> {
    const concurrency = o.concurrency ?? DEFAULT_CONCURRENCY;
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `concurrency is ${concurrency}; give a whole number of at least 1`,
      );
    return pooled(ids, concurrency, async (id): Promise<ItemOutcome> => {
      const groupId = String(id);
      try {
        return { groupId, outcome: await one(id) };
      } catch (error) {
        return { groupId, error: error instanceof Error ? error : new Error(String(error)) };
      }
    });
  }

  async #report(sagas: readonly SagaRecord[]): Promise<readonly SagaReport[]> {
    const { session } = this.#context;
    return Promise.all(
      sagas.map(async (saga): Promise<SagaReport> => {
        if (saga.phase === 'ended') return { ...saga, ownerAlive: false, ownerPid: null };
        const [open] = await session.open({ after: saga.id - 1, limit: 1 });
        const found = open?.saga.id === saga.id ? open : undefined;
        return { ...saga, ownerAlive: found?.ownerAlive ?? false, ownerPid: found?.owner?.pid ?? null };
      }),
    );
  }
}

/** A key names one saga, so it cannot serve for many. */
function withoutKey<T extends OperationOptions>(o: T): Omit<T, 'idempotencyKey' | 'concurrency'> {
  if (o.idempotencyKey !== undefined)
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      'idempotencyKey names one saga; a bulk call has many, call createGroup or deleteGroup for each',
    );
  return o;
}

function unavailable(dead: readonly string[]): Outcome {
  const hint = `${dead.join(', ')} did not answer the last calls; nothing was sent, repeat the call later`;
  return { status: 'rejected', sagaId: null, reason: 'unavailable', nodes: {}, hint };
}
