import { createHash } from 'node:crypto';
import { type Both, COLOURS, type Colour } from './colour.js';
import { LruMap } from './engine/lru-map.js';

/** Most query texts whose executions are counted; those that were not executed for the longest time are forgotten. */
export const MAX_COUNTED_TEXTS = 100_000;
/** Longer texts are counted under their beginning and a digest. */
const MAX_TEXT_LENGTH = 1_000;
const TEXT_HEAD = 200;

/** Calls that named a colour, and those that named none. */
export type MismatchCounts = Both<number> & { readonly none: number };

/** Counts what soaks and dashboards want to know. */
export class Counts {
  readonly #calls = new Map<string, Record<Colour, number>>();
  readonly #mismatches = new Map<string, Record<Colour | 'none', number>>();
  readonly #authentications: Record<Colour, number> = { blue: 0, green: 0 };
  readonly #executions: LruMap<number>;
  readonly #faults = new Map<string, number>();
  #forgotten = 0;

  constructor(maxTexts: number = MAX_COUNTED_TEXTS) {
    this.#executions = new LruMap(maxTexts, () => {
      this.#forgotten += 1;
    });
  }

  call(rpc: string, colour: Colour): void {
    const counts = this.#calls.get(rpc) ?? { blue: 0, green: 0 };
    counts[colour] += 1;
    this.#calls.set(rpc, counts);
  }

  mismatch(rpc: string, colour: Colour | undefined): void {
    const counts = this.#mismatches.get(rpc) ?? { blue: 0, green: 0, none: 0 };
    counts[colour ?? 'none'] += 1;
    this.#mismatches.set(rpc, counts);
  }

  authentication(colour: Colour): void {
    this.#authentications[colour] += 1;
  }

  execution(text: string): void {
    const key = keyOf(text);
    this.#executions.set(key, (this.#executions.get(key) ?? 0) + 1);
  }

  fault(kind: string): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
  }

  /** A copy of everything. */
  snapshot(): CountsSnapshot {
    const mismatches = { blue: 0, green: 0, none: 0 };
    for (const counts of this.#mismatches.values()) {
      for (const colour of [...COLOURS, 'none'] as const) mismatches[colour] += counts[colour];
    }
    return {
      calls: copy(this.#calls),
      mismatches,
      mismatchesByRpc: copy(this.#mismatches),
      authentications: { ...this.#authentications },
      executions: Object.fromEntries(this.#executions.entries()),
      forgottenTexts: this.#forgotten,
      faults: Object.fromEntries(this.#faults),
    };
  }
}

export interface CountsSnapshot {
  /** Calls that a deployment was given, by RPC. */
  readonly calls: Readonly<Record<string, Both<number>>>;
  /** Calls that were refused with 456, by the colour they named; `none` without a valid header. */
  readonly mismatches: MismatchCounts;
  /** The same, by RPC. */
  readonly mismatchesByRpc: Readonly<Record<string, MismatchCounts>>;
  /** Sessions that were opened. */
  readonly authentications: Both<number>;
  /** How often each query text was executed. */
  readonly executions: Readonly<Record<string, number>>;
  /** Texts that are no longer among `executions`, because more than {@link MAX_COUNTED_TEXTS} came. */
  readonly forgottenTexts: number;
  /** How often each kind of fault has struck. */
  readonly faults: Readonly<Record<string, number>>;
}

function copy<T extends object>(counts: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...counts].map(([rpc, count]) => [rpc, { ...count }]));
}

function keyOf(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return `${text.slice(0, TEXT_HEAD)}… sha256:${createHash('sha256').update(text).digest('hex')}`;
}
