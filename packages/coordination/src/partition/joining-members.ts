import type { Capabilities } from '../capabilities/index.js';
import { CoordinationError, type CoordinationErrorCode } from '../errors.js';
import type { PartitionerCoordinator } from './partitioner-coordinator.js';

/** What is asked of a coordinator to learn the capabilities of those who join. */
type Reader = Pick<
  PartitionerCoordinator,
  'getMemberCapabilities' | 'getMembersWithCapabilities' | 'inNextRun'
>;
/** A member that has joined, and a mark of that joining: it may leave and join again. */
type Joining = readonly [memberId: string, mark: symbol];

/**
 * Learns the capabilities of members that have joined. All that join while one reading is under way are read together,
 * so that a hundred at once cost two calls. An event comes but once, so those that could not be read are read again in
 * the next run of the watchers, and in each one after it, until they are read or have left.
 */
export class JoiningMembers {
  readonly #reader: Reader;
  readonly #groupId: string;
  readonly #add: (memberId: string, capabilities: Capabilities | null) => void;
  /** Those whose capabilities are to be read. */
  readonly #joining = new Map<string, symbol>();
  #lastReading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;
  #isDueInNextRun = false;

  constructor(
    reader: Reader,
    groupId: string,
    add: (memberId: string, capabilities: Capabilities | null) => void,
  ) {
    this.#reader = reader;
    this.#groupId = groupId;
    this.#add = add;
  }

  /** Settles when the member was added, or was found to have gone; rejects when it is to be read again. */
  joined(memberId: string): Promise<void> {
    this.#joining.set(memberId, Symbol(memberId));
    return this.#readAll();
  }

  /** The member need not be read any more. Settles as `joined` does for those that could not be read before. */
  left(memberId: string): Promise<void> {
    this.#joining.delete(memberId);
    return this.#readAll();
  }

  /** Nobody need be read any more. */
  stop(): void {
    this.#joining.clear();
  }

  readonly #readAll = (): Promise<void> => {
    if (this.#joining.size === 0) return Promise.resolve();
    this.#nextReading ??= this.#startReading();
    return this.#nextReading;
  };

  #startReading(): Promise<void> {
    const reading = this.#lastReading.then(() => {
      this.#nextReading = null;
      return this.#read();
    });
    this.#lastReading = reading.catch(() => this.#readInNextRun());
    return reading;
  }

  #readInNextRun(): void {
    if (this.#isDueInNextRun || this.#joining.size === 0 || this.#reader.inNextRun === undefined) return;
    this.#isDueInNextRun = true;
    this.#reader.inNextRun(() => {
      this.#isDueInNextRun = false;
      return this.#readAll();
    });
  }

  async #read(): Promise<void> {
    const joining = [...this.#joining];
    if (joining.length > 1 && (await this.#readTogether(joining))) return;
    const readings = await Promise.allSettled(joining.map((one) => this.#readOne(one)));
    const failed = readings.find((reading) => reading.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #readOne([member, mark]: Joining): Promise<void> {
    try {
      this.#found([member, mark], await this.#reader.getMemberCapabilities(this.#groupId, member));
    } catch (error) {
      if (!hasCode(error, 'MEMBER_NOT_JOINED', 'GROUP_NOT_CREATED')) throw error;
      this.#found([member, mark], undefined);
    }
  }

  /** False if one member has capabilities that nobody can read: it must not keep the others off the ring. */
  async #readTogether(joining: readonly Joining[]): Promise<boolean> {
    try {
      const members = await this.#reader.getMembersWithCapabilities(this.#groupId);
      for (const one of joining) this.#found(one, members.get(one[0]));
    } catch (error) {
      if (hasCode(error, 'SERIALIZATION')) return false;
      if (!hasCode(error, 'GROUP_NOT_CREATED')) throw error;
      for (const one of joining) this.#found(one, undefined);
    }
    return true;
  }

  /** Undefined: it has gone. */
  #found([member, mark]: Joining, capabilities: Capabilities | null | undefined): void {
    if (this.#joining.get(member) !== mark) return;
    this.#joining.delete(member);
    if (capabilities !== undefined) this.#add(member, capabilities);
  }
}

const hasCode = (error: unknown, ...codes: readonly CoordinationErrorCode[]): boolean =>
  error instanceof CoordinationError && codes.includes(error.code);
