import { expect } from 'vitest';
import type { ConnectorOptions, Outcome, ReliableConnector } from '../../../src/index.js';
import type { DiskOptions } from '../journal/sim-journal.js';
import { bringToRest, checkVerify, finish } from '../judge/rest.js';
import type { Invocation } from '../load/invocation.js';
import type { Fate } from '../network/fate.js';
import type { SentCall } from '../network/network.js';
import { ownError } from '../nodes/replies.js';
import { drawProfile, type Profile } from '../profile.js';
import { type Coordinator, Simulation } from '../simulation.js';
import { Trace } from '../world/trace.js';

/** Ms of virtual time that no scenario needs. */
const LIMIT_MS = 10_000_000;

/** Q of every scenario that does not say otherwise, ms. */
export const Q = 2_000;

/** A world in which nothing happens but what the scenario asks for. */
const CALM: Partial<Profile> = {
  nodes: ['node01', 'node02', 'node03'],
  extensions: {},
  groups: ['a', 'b'],
  faultRate: 0,
  maxServerLagMs: Q,
  deadlineMs: 1_000,
  attemptTimeoutMs: 200,
  parkAfterMs: 600_000,
  recoverEveryMs: 0,
  maxForwardAgeMs: 86_400_000,
  ownErrorsAreFinal: true,
  proxyMayResend: false,
  sequential: false,
  outsider: false,
  leadership: false,
  wayMs: [1, 2],
  commitMs: [0.5, 1],
};

/** The node's own error instead of the work: it is there, so no breaker opens. */
export const OWN_ERROR: Partial<Fate> = {
  lands: [],
  shows: ownError(500, 'InternalServerError due to Random Behavior'),
};

/** An open coordinator. */
export type Actor = Coordinator & { readonly connector: ReliableConnector };

/** What the script knows of a call: `nth` counts equal calls (same verb, node) from 1. */
export type Script = (call: SentCall & { readonly nth: number }) => Partial<Fate> | null;

/** A virtual world for one directed scenario, with all judges watching. */
export class Stage {
  readonly simulation: Simulation;

  constructor(change: Partial<Profile> = {}) {
    this.simulation = new Simulation({ ...drawProfile(1), ...CALM, ...change }, new Trace());
  }

  get world(): Simulation['world'] {
    return this.simulation.world;
  }

  /** A process with an open connector. */
  async open(
    o: { term?: bigint; options?: Partial<ConnectorOptions>; disk?: Partial<DiskOptions> } = {},
  ): Promise<Actor> {
    const coordinator = this.simulation.spawn(o);
    await this.world.run(() => coordinator.connector !== null || coordinator.failure !== null, LIMIT_MS);
    const { connector } = coordinator;
    if (connector === null) throw coordinator.failure ?? new Error('the connector did not open');
    return { ...coordinator, connector };
  }

  /** Decides the fate of each call from now on. */
  script(script: Script): void {
    const counts = new Map<string, number>();
    this.simulation.network.director = (call) => {
      const key = `${call.method} ${call.node}`;
      const nth = (counts.get(key) ?? 0) + 1;
      counts.set(key, nth);
      return script({ ...call, nth });
    };
  }

  /** Lets the world go on until the caller is answered. */
  async answer(invocation: Invocation): Promise<Outcome> {
    await this.world.run(() => invocation.answeredAt !== null, LIMIT_MS);
    if (invocation.outcome === null) throw invocation.error ?? new Error('the caller was never answered');
    return invocation.outcome;
  }

  /** Lets the world go on until the last word is told. */
  async lastWord(invocation: Invocation): Promise<Outcome> {
    await this.world.run(() => invocation.last !== null, LIMIT_MS);
    if (invocation.last === null) throw new Error('the last word was never told');
    return invocation.last;
  }

  /** Lets the world go on until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    void promise.then(done, done);
    await this.world.run(() => settled, LIMIT_MS);
    return promise;
  }

  async pass(ms: number): Promise<void> {
    await this.world.pass(ms);
  }

  /** What each node holds of the group, in the order of the nodes. */
  records(groupId: string): (number | null | undefined)[] {
    return this.simulation.nodes.map((node) => node.records.get(groupId));
  }

  /** Whether all nodes agree: true all hold the same version, false none holds any. Fails when they differ. */
  isThere(groupId: string): boolean {
    const versions = new Set(this.records(groupId));
    expect([...versions]).toHaveLength(1);
    return !versions.has(undefined);
  }

  violations(): string[] {
    return this.simulation.judge.violations.map(({ invariant, text }) => `${invariant}: ${text}`);
  }

  /** Heals, kills everybody, lets a fresh process recover, and requires that no judge has found anything. */
  async rest(): Promise<Actor> {
    const { simulation } = this;
    simulation.heal();
    for (const { process } of simulation.coordinators) process.kill('at the end');
    const survivor = await this.open({ options: { deadlineMs: 10_000 } });
    const found: string[] = [];
    const report = (invariant: string, text: string): void => void found.push(`${invariant}: ${text}`);
    await bringToRest(simulation, survivor.connector, report);
    simulation.judge.atRest();
    const verify = survivor.connector.verify({ ids: simulation.profile.groups });
    const told = await finish(simulation, verify, LIMIT_MS, report, 'verify()');
    if (told !== null) checkVerify(simulation, told, report);
    expect([...this.violations(), ...found]).toEqual([]);
    return survivor;
  }
}
