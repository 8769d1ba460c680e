import type { SagaRecord } from '../../../src/journal/records.js';
import type { Outcome } from '../../../src/outcome.js';
import type { DurableWrite } from '../journal/durable.js';
import { type Invocation, outcomeText } from '../load/invocation.js';
import type { SentCall } from '../network/network.js';
import type { Effect } from '../nodes/sim-node.js';
import type { Rule, Scene } from './rule.js';
import { endingOf, endingText, kindOf } from './saga-view.js';

/** What an unfinished saga has had before it on the nodes. */
interface Seen {
  /** Somebody else's record: a reason for `exists` and `conflict`. */
  others: boolean;
  refused: boolean;
  /** Nodes that were without the group at some moment. */
  readonly absentOn: Set<string>;
}

/** S8: each reason has its ground on the nodes, and each answer its durable record in the journal. */
export class HonestOutcomes implements Rule {
  readonly #scene: Scene;
  readonly #seen = new Map<number, Seen>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  wrote({ before, after }: DurableWrite): void {
    if (before === null) this.#seen.set(after.id, { others: false, refused: false, absentOn: new Set() });
    if (after.key !== null) this.#look(after.key);
    if (after.phase === 'ended' && before?.phase !== 'ended') this.#judge(after);
  }

  landed(call: SentCall, effect: Effect): void {
    for (const saga of this.#open(effect.groupId)) {
      const seen = this.#seen.get(saga.id);
      if (seen !== undefined && effect.status === 403) seen.refused = true;
      if (seen !== undefined && effect.removed !== undefined) seen.absentOn.add(call.node);
    }
    if (effect.created) this.#look(effect.groupId);
  }

  disturbed(_node: string, groupId: string): void {
    this.#look(groupId);
  }

  answered({ outcome, op, groupId, idempotencyKey }: Invocation): void {
    if (outcome === null || outcome.sagaId === null) return;
    const saga = this.#scene.durable.sagas.get(outcome.sagaId);
    const told = `${op} ${groupId} was answered ${outcomeText(outcome)}`;
    const lie = lieOf(outcome, saga, idempotencyKey !== null);
    if (lie === null) return;
    this.#scene.report(outcome.status === 'committed' ? 'S5' : 'S8', `${told}, but ${lie}`);
  }

  #open(groupId: string): SagaRecord[] {
    return this.#scene.durable.of(groupId).filter((saga) => saga.phase !== 'ended');
  }

  /** What the unfinished sagas of a group have before them right now. */
  #look(groupId: string): void {
    const open = this.#open(groupId);
    for (const saga of open) {
      const seen = this.#seen.get(saga.id);
      if (seen === undefined) continue;
      for (const node of this.#scene.nodes) {
        const version = node.records.get(groupId);
        if (version === undefined) seen.absentOn.add(node.name);
        else seen.others ||= this.#isOthers(groupId, version, saga, open);
      }
    }
  }

  #isOthers(groupId: string, version: number | null, saga: SagaRecord, open: readonly SagaRecord[]): boolean {
    if (version === null || version === this.#scene.durable.catalog.get(groupId))
      return version !== saga.token;
    if (open.some((other) => other !== saga && other.token === version)) return true;
    return !this.#scene.durable
      .of(groupId)
      .some((each) => each.token === version || each.burnt.includes(version));
  }

  #judge(saga: SagaRecord): void {
    const seen = this.#seen.get(saga.id);
    this.#seen.delete(saga.id);
    if (seen === undefined || saga.key === null) return;
    const excused = this.#scene.others.groups.has(saga.key);
    const reason = endingOf(saga)?.reason;
    const what = `saga ${saga.id} of ${saga.key} ended ${endingText(saga)}`;
    if (reason === 'exists' && !seen.others && !excused)
      this.#scene.report('S8', `${what}, but there was nobody else's record`);
    if (reason === 'conflict' && !excused && !this.#lostByDisk(saga.key))
      this.#scene.report('S8', `${what}, but nobody but this journal ever wrote there`);
    if (reason === 'refused' && !seen.refused) this.#scene.report('S8', `${what}, but no node refused`);
    if (reason === 'not_found' && kindOf(saga) !== 'fill' && seen.absentOn.size < this.#scene.nodes.length)
      this.#scene.report('S8', `${what}, but some node had it all the time`);
  }

  /** A record that a park left behind may be in the way of later sagas. */
  #lostByDisk(groupId: string): boolean {
    return this.#scene.durable.of(groupId).some((saga) => Object.keys(saga.resolved).length > 0);
  }
}

/** What is durable of a saga, if it is not what its caller was told; null: the caller was told the truth. */
function lieOf(outcome: Outcome, saga: SagaRecord | undefined, keyed: boolean): string | null {
  if (saga === undefined) return 'nothing of it is durable';
  const { status, direction } = outcome;
  if (status === 'parked') return saga.parked !== null || saga.phase === 'ended' ? null : 'it is not parked';
  if (status === 'in_doubt') {
    // Who joins a running saga by its idempotency key may run out of time before it is decided.
    if (direction === undefined) return keyed ? null : 'it has no direction';
    const decided = direction === 'abort' ? saga.phase === 'aborting' : saga.direction === 'forward';
    return decided || saga.phase === 'ended' ? null : 'the direction is not durable';
  }
  const ending = endingOf(saga);
  const same = ending?.status === status && ending.reason === (outcome.reason ?? null);
  return same ? null : `its saga ${saga.id} is ${endingText(saga)}`;
}
