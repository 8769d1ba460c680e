import type { ChaosEvent } from './event.js';

export type Coordination = 'redis' | 'sqlite';

/** A rule that is taken out of the code on purpose, to see that the judges notice. */
export const MUTATIONS = ['fence', 'journal', 'pin'] as const;

export type Mutation = (typeof MUTATIONS)[number];

/** A write that a node carried out or refused, from the cluster's own log. */
export interface AppliedWrite {
  readonly seq: number;
  /** Ms since the beginning of the run. */
  readonly at: number;
  readonly node: string;
  readonly verb: 'POST' | 'DELETE';
  readonly groupId: string;
  /** `<scope>:<term>`; null: the write had none. */
  readonly fence: string | null;
  readonly applied: 'created' | 'deleted' | 'none';
  readonly status: number;
}

/** How the stack was when all had been healed and had come to rest, or the patience for that was over. */
export interface Facts {
  /** What the engine says is wanted. */
  readonly wanted: readonly string[];
  /** Ids on each node, as its own listing says. */
  readonly nodes: Readonly<Record<string, readonly string[]>>;
  /** Unfinished sagas in the journal, and those of them that are parked. */
  readonly openSagas: number;
  readonly parkedSagas: number;
  /** Ms from the end of the last fault to the first moment at which all was as wanted; null: it never was. */
  readonly convergedMs: number | null;
  /** How often the engine executed each text of a tagged query or write. */
  readonly executions: Readonly<Record<string, number>>;
  readonly writes: readonly AppliedWrite[];
  /** Processes of the stack that lived after its end. */
  readonly leaked: readonly string[];
}

/** Everything that is known of one run; what the judges and the report read, and nothing else. */
export interface History {
  readonly seed: number;
  readonly seconds: number;
  readonly coordination: Coordination;
  readonly mutation: Mutation | null;
  /** Wall time in ms since 1970 of `at` 0. */
  readonly began: number;
  readonly leaseMs: number;
  /** In the order of their time. */
  readonly events: readonly ChaosEvent[];
  readonly facts: Facts;
}

/** What a judge says. */
export interface Verdict {
  /** As in the table of the report, `failed queries`. */
  readonly name: string;
  readonly holds: boolean;
  /** The figure, with its unit: `0`, `1.8 s`. */
  readonly figure: string;
  /** What it must be: `0`, `at most 60 s`. */
  readonly bound: string;
  /** Some of what speaks against it, in words; empty where it holds. */
  readonly against: readonly string[];
}
