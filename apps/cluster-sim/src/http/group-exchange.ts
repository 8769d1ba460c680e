import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import type { Deferred } from '../deferred.js';
import type { ExtensionSet } from '../extensions.js';
import { type Fate, type FaultDice, type FaultName, SPARED } from '../faults/fault-dice.js';
import type { FaultVerb } from '../faults/fault-plan.js';
import { FENCE_HEADER } from '../fence.js';
import { type Logger, logsEachRequest } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { NodeDirectory } from '../node-directory.js';
import type { NodeWrite, WriteStatus } from '../node-write.js';
import {
  absentReply,
  CREATED,
  DELETED,
  EXISTS,
  foundReply,
  INTERNAL_ERROR,
  type NodeReply,
  RANDOM_INTERNAL_ERROR,
  RANDOM_TIMEOUT,
  STALE_FENCE,
  TOMBSTONED,
} from '../replies.js';
import type { SimNode } from '../sim-node.js';
import type { QueuedWrite, WriteQueue } from '../write-queue.js';
import { checkGroupId, type Read, readFence, readGroupId, readTimestamp } from './request-input.js';
import { sendReply } from './send-reply.js';

/** What every exchange on `/group` works with. */
export interface GroupContext {
  readonly directory: NodeDirectory;
  readonly extensions: ExtensionSet;
  readonly maxIdBytes: number;
  readonly queue: WriteQueue;
  readonly deferred: Deferred;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One request on `/group` and what becomes of it: the checks in the order of the origin (die, timestamp, node,
 * body), the fault that strikes it, the work, the answer. It is its own entry in the write queue, which saves the
 * usual request from carrying a second object.
 */
export class GroupExchange implements QueuedWrite {
  readonly #context: GroupContext;
  readonly #verb: FaultVerb;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #node: SimNode | undefined;
  readonly #dice: FaultDice;
  readonly #startedMs: number;
  #fate: Fate = SPARED;
  #write: NodeWrite | undefined;

  constructor(
    context: GroupContext,
    verb: FaultVerb,
    exchange: { request: FastifyRequest; reply: FastifyReply; node: SimNode | undefined; dice: FaultDice },
  ) {
    this.#context = context;
    this.#verb = verb;
    this.#request = exchange.request;
    this.#reply = exchange.reply;
    this.#node = exchange.node;
    this.#dice = exchange.dice;
    this.#startedMs = context.clock.monotonic();
  }

  /** Rolls the dice and goes on at once or after the delay that they ask for. */
  start(): void {
    if (this.#node?.isDown) {
      this.#resetDown();
      return;
    }
    if (this.#dice.loaded) this.#roll();
    if (this.#fate.delayMs === 0) this.#proceed();
    else this.#wait(this.#fate.delayMs);
  }

  get write(): NodeWrite {
    if (this.#write === undefined) throw new Error('the exchange has not come to its write');
    return this.#write;
  }

  isLate(): boolean {
    return this.#request.raw.socket.destroyed;
  }

  /** The write has been committed; the fate decides what the client gets to know of it. */
  done(status: WriteStatus): void {
    const { kind, repeatAfterMs } = this.#fate;
    if (kind === 'lostReply') this.#reset();
    else if (kind === 'errorAfter') this.#answer(this.#ownError());
    else this.#answer(replyTo(this.write, status));
    if (this.#verb === 'DELETE' && repeatAfterMs !== undefined) {
      this.#count('repeatDelete');
      this.#writeLater(repeatAfterMs, { ...this.write, fault: 'repeatDelete' });
    }
  }

  #roll(): void {
    this.#fate = this.#dice.roll();
    if (this.#fate.kind !== null) this.#count(this.#fate.kind);
    if (this.#fate.delayMs > 0) this.#count('delay');
  }

  #wait(delayMs: number): void {
    const { deferred } = this.#context;
    const { socket } = this.#request.raw;
    deferred.hold(socket, this.#node);
    deferred.later(delayMs, () => {
      deferred.release(socket);
      if (this.#node?.isDown) this.#resetDown();
      else this.#proceed();
    });
  }

  #proceed(): void {
    if (this.#fate.kind === 'errorBefore') this.#answer(this.#ownError());
    else if (this.#fate.kind === 'hang') this.#hold();
    else if (this.#verb === 'GET') this.#look();
    else this.#change(this.#verb);
  }

  #look(): void {
    const { kind } = this.#fate;
    const answer = this.#find();
    const found = answer.status === 200 || answer.status === 404;
    if (kind === null || !found) this.#answer(answer);
    else if (kind === 'late' || kind === 'lostReply') this.#reset();
    else this.#answer(this.#ownError());
  }

  #find(): NodeReply {
    const { directory, maxIdBytes } = this.#context;
    const node = this.#node;
    if (node === undefined) return directory.refusal(this.#request.raw.headers);
    const groupId = groupIdOf(this.#request);
    const checked = checkGroupId(groupId, maxIdBytes);
    return checked.refusal ?? this.#findOn(node, groupId);
  }

  #findOn(node: SimNode, groupId: string): NodeReply {
    const { extensions, logger } = this.#context;
    try {
      const timestamp = node.store.find(groupId);
      if (timestamp === undefined) return absentReply(groupId, null);
      return foundReply(groupId, extensions.timestamp && timestamp !== null ? String(timestamp) : undefined);
    } catch (error) {
      // After a delay nobody above would catch it.
      logger.error({ err: error, node: node.name }, 'a read failed');
      return INTERNAL_ERROR;
    }
  }

  #change(verb: 'POST' | 'DELETE'): void {
    const read = this.#readWrite(verb);
    const node = this.#node;
    if (read.refusal !== undefined) {
      this.#answer(read.refusal);
      return;
    }
    this.#write = read.value;
    const { kind, resetAtOnce, writeAfterMs } = this.#fate;
    if (kind === 'late') {
      if (resetAtOnce) this.#reset();
      else this.#hold();
      this.#writeLater(writeAfterMs, read.value, () => this.#request.raw.socket.resetAndDestroy());
    } else if (kind === 'errorThenWrite') {
      this.#answer(this.#ownError());
      this.#writeLater(writeAfterMs, read.value);
    } else if (node !== undefined) this.#context.queue.push(node, this);
  }

  /** The checks in the order of the origin. */
  #readWrite(verb: 'POST' | 'DELETE'): Read<NodeWrite> {
    const { directory, extensions, maxIdBytes } = this.#context;
    const { headers } = this.#request.raw;
    const timestamp = readTimestamp(headers['timestamp']);
    if (timestamp.refusal !== undefined) return timestamp;
    if (this.#node === undefined) return { refusal: directory.refusal(headers) };
    const fence = readFence(extensions.fence ? headers[FENCE_HEADER] : undefined);
    if (fence.refusal !== undefined) return fence;
    const groupId = readGroupId(this.#request.body, maxIdBytes);
    if (groupId.refusal !== undefined) return groupId;
    const { kind, delayMs } = this.#fate;
    const fault: FaultName | null = kind ?? (delayMs > 0 ? 'delay' : null);
    const value = { verb, groupId: groupId.value, timestamp: timestamp.value, fence: fence.value, fault };
    return { value };
  }

  /** A write that comes to a node which is down by then is lost. */
  #writeLater(delayMs: number, write: NodeWrite, then: () => void = () => {}): void {
    const node = this.#node;
    if (node === undefined) return;
    const { deferred, queue } = this.#context;
    deferred.later(delayMs, () => {
      if (node.isDown) then();
      else queue.push(node, { write, isLate: () => true, done: then });
    });
  }

  #hold(): void {
    this.#reply.hijack();
    this.#context.deferred.hold(this.#request.raw.socket, this.#node);
    this.#finished(0);
  }

  #resetDown(): void {
    this.#count('down');
    this.#reset();
  }

  #reset(): void {
    this.#reply.hijack();
    this.#request.raw.socket.resetAndDestroy();
    this.#finished(0);
  }

  #ownError(): NodeReply {
    return this.#dice.flip() ? RANDOM_INTERNAL_ERROR : RANDOM_TIMEOUT;
  }

  #answer(answer: NodeReply): void {
    sendReply(this.#reply, answer);
    this.#finished(answer.status);
  }

  #finished(status: number): void {
    const { metrics, clock, logger } = this.#context;
    const durationMs = clock.monotonic() - this.#startedMs;
    metrics.answered(this.#node?.name, this.#verb, status, durationMs);
    if (!logsEachRequest(logger)) return;
    const groupId = this.#write?.groupId;
    logger.debug({ node: this.#node?.name, verb: this.#verb, groupId, status, durationMs }, 'request');
  }

  #count(fault: FaultName): void {
    this.#context.metrics.struck(this.#node?.name, fault);
  }
}

/** The id in the path of a GET, decoded. */
export function groupIdOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

/** The node's own answer, from the status under which the store decided. */
function replyTo(write: NodeWrite, status: WriteStatus): NodeReply {
  switch (status) {
    case 201:
      return CREATED;
    case 200:
      return DELETED;
    case 400:
      return EXISTS;
    case 404:
      return absentReply(write.groupId, write.timestamp);
    case 410:
      return TOMBSTONED;
    case 412:
      return STALE_FENCE;
    case 500:
      return INTERNAL_ERROR;
  }
}
