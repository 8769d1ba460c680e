import type {
  AcquireReply,
  AcquireRequest,
  BeatReply,
  BeatRequest,
  Driver,
  DriverContext,
  GroupReading,
  JoinReply,
  JoinRequest,
  LeaveReply,
  LeaveRequest,
  LockKey,
  LockReading,
  ReadRequest,
  ReleaseRequest,
  RevokeHow,
} from '../../driver/index.js';
import { Audience } from './audience.js';
import { beat } from './beat.js';
import { closedError } from './closed-error.js';
import { createGroup, deleteGroup, join, leave, updateCapabilities } from './groups.js';
import { acquire, inspect, release, revoke } from './locks.js';
import { readGroups, reapAndRead } from './read-groups.js';
import type { Store } from './store.js';

/** How often one of a client's beats also removes leases and waiters that died unseen, ms. */
const SWEEP_MS = 60_000;

/** The driver contract over a store of this host: each method is one step of it. */
export class EmbeddedDriver implements Driver {
  readonly #store: Store;
  readonly #context: DriverContext;
  readonly #audience: Audience;
  #listening: Promise<void> | null = null;
  #sweptAt: number;
  #closed = false;

  constructor(store: Store, context: DriverContext) {
    this.#store = store;
    this.#context = context;
    this.#audience = new Audience(context);
    this.#sweptAt = context.clock.monotonic();
  }

  createGroup(group: string): Promise<'created' | 'exists'> {
    return this.#store.write('createGroup', (step) => createGroup(step, group));
  }

  deleteGroup(group: string): Promise<'deleted' | 'no-group' | 'not-empty'> {
    return this.#store.write('deleteGroup', (step) => deleteGroup(step, group));
  }

  listGroups(): Promise<string[]> {
    return this.#store.read('listGroups', ({ tables }) => tables.groups.all());
  }

  join(request: JoinRequest): Promise<JoinReply> {
    return this.#store.write('join', (step) => join(step, request, this.#context));
  }

  leave(request: LeaveRequest): Promise<LeaveReply[]> {
    return this.#store.write('leave', (step) => leave(step, request, this.#context.clientId));
  }

  updateCapabilities(
    group: string,
    member: string,
    capabilities: Uint8Array,
  ): Promise<'updated' | 'no-group' | 'not-joined'> {
    return this.#store.write('updateCapabilities', (step) =>
      updateCapabilities(step, group, { member, capabilities, clientId: this.#context.clientId }),
    );
  }

  /** Readers wait for nobody: only where somebody is dead does a writing step follow, which judges anew. */
  async readGroups(request: ReadRequest): Promise<GroupReading[]> {
    const readings = await this.#store.read('readGroups', (step) => readGroups(step, request));
    return readings ?? this.#store.write('readGroups', (step) => reapAndRead(step, request));
  }

  beat(request: BeatRequest): Promise<BeatReply> {
    return this.#store.write('beat', (step) => {
      const reply = beat(step, request, this.#context);
      if (step.now - this.#sweptAt >= SWEEP_MS) {
        step.tables.sweep(step.now);
        this.#sweptAt = step.now;
      }
      return reply;
    });
  }

  acquire(request: AcquireRequest): Promise<AcquireReply> {
    return this.#store.write('acquire', (step) => acquire(step, request, this.#context.memberId));
  }

  release(request: ReleaseRequest): Promise<boolean> {
    return this.#store.write('release', (step) => release(step, request));
  }

  revoke(lock: LockKey, how: RevokeHow): Promise<boolean> {
    return this.#store.write('revoke', (step) => revoke(step, lock, how));
  }

  inspect(lock: LockKey): Promise<LockReading> {
    return this.#store.read('inspect', (step) => inspect(step, lock));
  }

  async listen(groups: ReadonlySet<string>): Promise<void> {
    if (this.#closed) throw closedError('listen');
    this.#listening ??= this.#store.listen(this.#audience.hear);
    try {
      await this.#listening;
    } catch (error) {
      this.#listening = null;
      throw error;
    }
    this.#audience.watch(groups);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#audience.close();
    return this.#store.close();
  }
}
