import type { GroupReading, LeaderReading, MemberReading } from '../../driver/index.js';
import { parseLockValue } from './lock-value.js';
import { bytesOf, idOf, leadingNumberOf, listOf } from './reply.js';

/** The field that keeps a hash without members alive. */
const CREATED = '__created__';

/** One group of the reply of `readGroups`; `full`: with capabilities. */
export function groupReading(reply: unknown, full: boolean): GroupReading {
  if (reply === null) return null;
  const [fields, records, leader] = listOf(reply);
  return {
    members: members(listOf(fields), listOf(records), full),
    leader: leader ? leaderReading(bytesOf(leader)) : null,
  };
}

function members(fields: readonly unknown[], records: readonly unknown[], full: boolean): MemberReading[] {
  const incarnations = new Incarnations(records);
  const found: MemberReading[] = [];
  for (let at = 0; at < fields.length; at += full ? 2 : 1) {
    const bytes = bytesOf(fields[at]);
    const id = idOf(bytes);
    if (id === CREATED) continue;
    const capabilities = full ? bytesOf(fields[at + 1]) : null;
    found.push({ id, incarnation: incarnations.of(bytes, id), capabilities });
  }
  return found;
}

/**
 * Records `incarnation:untilMs:client.number` by member. Small hashes of Redis keep their order, so that the next record
 * is mostly that of the next member, and comparing bytes is cheaper than making text and a map of them.
 */
class Incarnations {
  readonly #records: readonly unknown[];
  #next = 0;
  #byId: Map<string, number> | null = null;

  constructor(records: readonly unknown[]) {
    this.#records = records;
  }

  /** Null for a member that joined by another implementation. */
  of(bytes: Buffer, id: string): number | null {
    const next = this.#next;
    if (next < this.#records.length && bytesOf(this.#records[next]).equals(bytes)) {
      this.#next += 2;
      return leadingNumberOf(this.#records[next + 1]);
    }
    this.#byId ??= this.#all();
    return this.#byId.get(id) ?? null;
  }

  #all(): Map<string, number> {
    const found = new Map<string, number>();
    for (let at = 0; at < this.#records.length; at += 2)
      found.set(idOf(this.#records[at]), leadingNumberOf(this.#records[at + 1]));
    return found;
  }
}

function leaderReading(value: Uint8Array): LeaderReading {
  const { memberId, fence } = parseLockValue(value);
  return { memberId, term: fence };
}
