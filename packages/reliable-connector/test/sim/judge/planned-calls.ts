import type { DurableWrite } from '../journal/durable.js';
import type { SentCall } from '../network/network.js';
import type { Effect } from '../nodes/sim-node.js';
import type { Rule, Scene } from './rule.js';
import { endingOf, isForced, kindOf, namesVersion, placedBy } from './saga-view.js';

/** S1: no mutating call without its durable PLAN (or PROBE). S2: COMMIT and ABORT never both, no forward call after ABORT. */
export class PlannedCalls implements Rule {
  readonly #scene: Scene;
  /** Calls that went out after the turn back of their saga: they must not take effect. */
  readonly #stale = new Map<number, string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  sent(call: SentCall): void {
    if (call.method === 'GET' || call.groupId === null) return;
    if (call.method === 'POST') this.#post(call, call.groupId);
    else this.#delete(call, call.groupId);
  }

  landed(call: SentCall, effect: Effect): void {
    const stale = this.#stale.get(call.order);
    if (stale !== undefined && (effect.created || effect.removed !== undefined))
      this.#scene.report('S2', `${stale}, took effect on ${call.node}`);
  }

  wrote({ before, after, kind }: DurableWrite): void {
    if (before?.phase === 'ended')
      this.#scene.report('S2', `saga ${after.id} ended, then "${kind}" was written`);
    if (before?.phase === 'aborting' && after.phase === 'applying')
      this.#scene.report('S2', `saga ${after.id} went forward after its ABORT`);
    if (before?.phase === 'aborting' && kindOf(after) !== 'fill' && endingOf(after)?.status === 'committed')
      this.#scene.report('S2', `saga ${after.id} has both ABORT and COMMIT`);
  }

  #post(call: SentCall, groupId: string): void {
    const sagas = this.#scene.durable.of(groupId);
    const what = `POST ${groupId} ${call.token} from ${call.process.name} to ${call.node}`;
    if (sagas.some((saga) => placedBy(saga) === call.token)) return;
    const saga = sagas.findLast(
      (each) => each.phase !== 'locked' && namesVersion(each, call.token ?? Number.NaN),
    );
    if (saga === undefined) this.#scene.report('S1', `${what} has no durable PLAN`);
    else this.#stale.set(call.order, `${what}, sent while saga ${saga.id} was ${saga.phase}`);
  }

  #delete(call: SentCall, groupId: string): void {
    const { durable } = this.#scene;
    const { token } = call;
    const what = `DELETE ${groupId} ${token} from ${call.process.name} to ${call.node}`;
    const sagas = durable.of(groupId);
    if (token === null) {
      const forced = sagas.some((saga) => saga.phase !== 'locked' && isForced(saga));
      if (!forced) this.#scene.report('S1', `${what} has no durable PLAN with force`);
      return;
    }
    const owners = sagas.filter((saga) => saga.phase !== 'locked' && namesVersion(saga, token));
    if (owners.length === 0 && !raisesFence(call))
      this.#scene.report('S1', `${what} names a version that no durable PLAN names`);
    const placing = owners.find((saga) => placedBy(saga) === token);
    if (placing !== undefined && placing.probes[call.node] !== token)
      this.#scene.report('S1', `${what} asks for the version of saga ${placing.id} without a durable PROBE`);
  }
}

/** A write that can hit nothing and only carries the fence (4.6). */
function raisesFence(call: SentCall): boolean {
  return call.groupId?.startsWith('holdfast-fence') === true;
}
