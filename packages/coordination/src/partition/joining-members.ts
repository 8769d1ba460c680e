import type { Capabilities } from '../capabilities/index.js';
import { CoordinationError } from '../errors.js';
import type { PartitionerCoordinator } from './partitioner-coordinator.js';

/** What is asked of a coordinator to learn the capabilities of those who join. */
type Reader = Pick<PartitionerCoordinator, 'getMemberCapabilities' | 'getMembersWithCapabilities'>;

/**
 * Learns the capabilities of members that have joined. All that join while one reading is under way are read together,
 * so that a hundred at once cost two calls.
 */
export class JoiningMembers {
  readonly #reader: Reader;
  readonly #groupId: string;
  readonly #add: (memberId: string, capabilities: Capabilities | null) => void;
  /** Those whose capabilities are to be read, each with a mark of its joining: one may leave and join again. */
  readonly #joining = new Map<string, symbol>();
  #lastReading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;

  constructor(
    reader: Reader,
    groupId: string,
    add: (memberId: string, capabilities: Capabilities | null) => void,
  ) {
    this.#reader = reader;
    this.#groupId = groupId;
    this.#add = add;
  }

  /**
   * Settles when the member was added, or was found to have gone. When that fails the member is read again together with
   * the next one that joins.
   */
  joined(memberId: string): Promise<void> {
    this.#joining.set(memberId, Symbol(memberId));
    this.#nextReading ??= this.#startReading();
    return this.#nextReading;
  }

  /** The member need not be read any more. */
  left(memberId: string): void {
    this.#joining.delete(memberId);
  }

  #startReading(): Promise<void> {
    const reading = this.#lastReading.then(() => {
      this.#nextReading = null;
      return this.#read();
    });
    this.#lastReading = reading.catch(() => {});
    return reading;
  }

  async #read(): Promise<void> {
    const joining = new Map(this.#joining);
    const capabilities = await this.#capabilitiesOf([...joining.keys()]);
    for (const [member, mark] of joining) {
      if (this.#joining.get(member) !== mark) continue;
      this.#joining.delete(member);
      const own = capabilities.get(member);
      if (own !== undefined) this.#add(member, own);
    }
  }

  /** Of those that are still there. */
  async #capabilitiesOf(members: readonly string[]): Promise<ReadonlyMap<string, Capabilities | null>> {
    const [only, ...others] = members;
    if (only === undefined) return new Map();
    try {
      if (others.length > 0) return await this.#reader.getMembersWithCapabilities(this.#groupId);
      return new Map([[only, await this.#reader.getMemberCapabilities(this.#groupId, only)]]);
    } catch (error) {
      if (hasGone(error)) return new Map();
      throw error;
    }
  }
}

const hasGone = (error: unknown): boolean =>
  error instanceof CoordinationError &&
  (error.code === 'MEMBER_NOT_JOINED' || error.code === 'GROUP_NOT_CREATED');
