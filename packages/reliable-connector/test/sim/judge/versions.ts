import type { DurableWrite } from '../journal/durable.js';
import type { SentCall } from '../network/network.js';
import type { Effect } from '../nodes/sim-node.js';
import type { Rule, Scene } from './rule.js';
import { endingOf, endingText, isForced, kindOf, leftOutBy } from './saga-view.js';

/**
 * What every write does to the versions on the nodes. S3: a saga that is over leaves all nodes with its version or
 * none. S4: only named versions are removed. S5: a committed one stays. S7: a deleted one does not come back.
 */
export class Versions implements Rule {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  landed(call: SentCall, effect: Effect): void {
    if (effect.created && effect.token !== null) this.#created(call.node, effect.groupId, effect.token);
    if (effect.removed !== undefined) this.#removed(call, effect, effect.removed);
  }

  /** The end of a saga, looked at on the nodes at that very moment. */
  wrote({ before, after: saga }: DurableWrite): void {
    const ending = endingOf(saga);
    if (ending === null || before === null || before.phase === 'locked' || saga.key === null) return;
    const groupId = saga.key;
    const what = `saga ${saga.id} (${saga.definition} ${groupId} ${saga.token ?? saga.prior}) ended ${endingText(saga)}`;
    const committed = ending.status === 'committed';
    const kind = kindOf(saga);
    const placed = kind === 'fill' ? (saga.token ?? saga.prior) : saga.token;
    if (kind === 'create' && placed !== null && !committed) this.#noneHolds(groupId, placed, what);
    if ((kind === 'create' || kind === 'fill') && placed !== null && committed)
      this.#allHold('S8', groupId, placed, what);
    if (kind !== 'delete') return;
    const gone = committed || ending.reason === 'conflict' || placed !== null;
    for (const token of gone ? [saga.prior, ...saga.burnt] : [])
      if (token !== null) this.#noneHolds(groupId, token, what);
    if (placed !== null && ending.reason !== 'conflict') this.#allHold('S3', groupId, placed, what);
  }

  atRest(): void {
    const { nodes, durable, others } = this.#scene;
    for (const node of nodes)
      for (const [groupId, version] of node.records) {
        if (version === null || version === durable.catalog.get(groupId)) continue;
        const deleted = durable.of(groupId).some((saga) => hasDeleted(saga, version));
        const mine = durable
          .of(groupId)
          .some((saga) => saga.token === version || saga.burnt.includes(version));
        if (isParked(this.#scene, groupId)) continue;
        if (deleted && (mine || !others.groups.has(groupId)))
          this.#scene.report('S7', `${groupId} ${version} is on ${node.name} although its delete has ended`);
        else if (mine) this.#scene.report('S3', `${groupId} ${version} is an orphan on ${node.name}`);
      }
    for (const [groupId, token] of durable.catalog)
      if (!isParked(this.#scene, groupId))
        this.#allHold('S5', groupId, token, 'the journal has it as committed');
  }

  #created(node: string, groupId: string, token: number): void {
    const { durable, report } = this.#scene;
    if (durable.wasHot(groupId, node, token)) return;
    const sagas = durable.of(groupId);
    if (sagas.some((saga) => hasDeleted(saga, token))) {
      report('S7', `a late POST brought ${groupId} ${token} back to ${node} after its delete`);
      return;
    }
    const maker = sagas.find((saga) => saga.token === token && saga.phase === 'ended');
    if (maker !== undefined && endingOf(maker)?.status !== 'committed' && kindOf(maker) === 'create')
      report('S3', `a late POST put ${groupId} ${token} on ${node} although saga ${maker.id} was undone`);
  }

  #removed(call: SentCall, effect: Effect, version: number | null): void {
    const { durable, others, report } = this.#scene;
    const { groupId, token } = effect;
    const sagas = durable.of(groupId);
    const asked = sagas.some(
      (saga) => saga.phase !== 'ended' && saga.phase !== 'locked' && saga.prior === version,
    );
    if (token === null) {
      if (!sagas.some((saga) => isForced(saga) && saga.phase !== 'ended'))
        report('S4', `${groupId} ${version} was removed from ${call.node} by a DELETE of any version`);
      return;
    }
    if (asked) return;
    if (version === durable.catalog.get(groupId)) {
      const forced = sagas.some((saga) => isForced(saga) && saga.phase !== 'ended');
      if (!forced) report('S5', `the committed ${groupId} ${version} was removed from ${call.node}, unasked`);
      return;
    }
    const mine = sagas.some((saga) => saga.token === version || saga.burnt.includes(version ?? Number.NaN));
    const named = sagas.some((saga) => saga.prior === version);
    if (!mine && !(named && others.groups.has(groupId)))
      report('S4', `${groupId} ${version}, which no saga names, was removed from ${call.node}`);
  }

  #allHold(invariant: 'S3' | 'S5' | 'S8', groupId: string, token: number, what: string): void {
    for (const node of this.#scene.nodes) {
      if (node.records.get(groupId) === token) continue;
      if (this.#scene.others.took(node.name, groupId, token)) continue;
      if (this.#resolved(groupId, node.name) || this.#leftOut(groupId, node.name)) continue;
      this.#scene.report(invariant, `${what}, but ${node.name} lacks ${groupId} ${token}`);
    }
  }

  #noneHolds(groupId: string, token: number, what: string): void {
    for (const node of this.#scene.nodes) {
      if (node.records.get(groupId) !== token) continue;
      if (this.#scene.durable.wasHot(groupId, node.name, token) || this.#resolved(groupId, node.name))
        continue;
      this.#scene.report('S3', `${what}, but ${node.name} has ${groupId} ${token}`);
    }
  }

  /** A restore after a conflict leaves the node of the other record alone (4.5 step 4). */
  #leftOut(groupId: string, node: string): boolean {
    return this.#scene.durable.of(groupId).some((saga) => leftOutBy(saga).includes(node));
  }

  /** An operator declared the node's part done: nobody promises anything about it any more. */
  #resolved(groupId: string, node: string): boolean {
    return this.#scene.durable.of(groupId).some((saga) => saga.resolved[node] !== undefined);
  }
}

function hasDeleted(saga: Parameters<typeof endingOf>[0], version: number): boolean {
  return kindOf(saga) === 'delete' && saga.prior === version && endingOf(saga)?.status === 'committed';
}

/** Parked, or taken up again while an outsider's record is still in the way: it is not at rest, and need not be. */
function isParked(scene: Scene, groupId: string): boolean {
  const foreign = scene.others.groups.has(groupId);
  return scene.durable
    .of(groupId)
    .some((saga) => saga.parked !== null || (foreign && saga.phase !== 'ended'));
}
