import type { Capabilities } from '../../src/capabilities/index.js';
import { GroupNotCreated, MemberNotJoined } from '../../src/errors.js';
import type { Id } from '../../src/ids.js';
import type { PartitionerCoordinator } from '../../src/partition/index.js';

type Callback = (event: { readonly memberId: string }) => unknown;

/** A coordinator whose every reading a test answers when it wants to, so that it decides what happens in between. */
export class ScriptedCoordinator implements PartitionerCoordinator {
  readonly memberId = 'self';
  readonly members: Map<string, Capabilities | null>;
  readonly joinHooks = new Set<Callback>();
  readonly leaveHooks = new Set<Callback>();
  /** What was read, in order: a member's id, or `*`. */
  readonly readings: string[] = [];
  exists = true;
  /** While set, readings fail with it. */
  failure: Error | null = null;
  #due: (() => unknown)[] = [];
  /** While set, readings wait for `answer`. */
  held: (() => void)[] | null = null;

  constructor(members: Readonly<Record<string, Capabilities | null>> = {}) {
    this.members = new Map(Object.entries(members));
  }

  async watchJoinGroup(groupId: Id, callback: Callback): Promise<void> {
    this.#check(groupId);
    this.joinHooks.add(callback);
  }

  unwatchJoinGroup(_groupId: Id, callback: Callback): void {
    this.joinHooks.delete(callback);
  }

  async watchLeaveGroup(groupId: Id, callback: Callback): Promise<void> {
    this.#check(groupId);
    this.leaveHooks.add(callback);
  }

  unwatchLeaveGroup(_groupId: Id, callback: Callback): void {
    this.leaveHooks.delete(callback);
  }

  async getMembersWithCapabilities(groupId: Id): Promise<ReadonlyMap<string, Capabilities | null>> {
    this.readings.push('*');
    this.#check(groupId);
    const members = new Map(this.members);
    await this.#answered();
    return members;
  }

  async getMemberCapabilities(groupId: Id, memberId: Id): Promise<Capabilities | null> {
    const id = String(memberId);
    this.readings.push(id);
    this.#check(groupId);
    const own = this.members.get(id);
    await this.#answered();
    if (own === undefined) throw new MemberNotJoined(String(groupId), id);
    return own;
  }

  /** Runs the join hooks, as `runWatchers` does. */
  joins(member: string, capabilities: Capabilities | null = { weight: 1 }): Promise<unknown> {
    this.members.set(member, capabilities);
    return Promise.all([...this.joinHooks].map(async (hook) => hook({ memberId: member })));
  }

  /** Runs the leave hooks. */
  leaves(member: string): Promise<unknown> {
    this.members.delete(member);
    return Promise.all([...this.leaveHooks].map(async (hook) => hook({ memberId: member })));
  }

  inNextRun(callback: () => unknown): void {
    this.#due.push(callback);
  }

  /** As `runWatchers` when nobody has joined or left. */
  runs(): Promise<unknown> {
    return Promise.all(this.#due.splice(0).map(async (callback) => callback()));
  }

  /** Answers the readings that wait, with what was there when they began. */
  answer(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const one of held) one();
  }

  #answered(): Promise<void> {
    const { held } = this;
    return held ? new Promise((resolve) => held.push(resolve)) : Promise.resolve();
  }

  #check(groupId: Id): void {
    if (this.failure) throw this.failure;
    if (!this.exists) throw new GroupNotCreated(String(groupId));
  }
}
