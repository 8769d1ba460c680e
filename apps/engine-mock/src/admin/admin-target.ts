import type { Both, Colour } from '../colour.js';
import type { SwitchRequest } from '../switching/switcher.js';

/** What `GET /state` answers. An engine may show more. */
export interface AdminState {
  /** The colour that takes new work; while a switch drains, the new one. */
  readonly active: Colour;
  /** Where a switch stands, as in the table of states. */
  readonly phase: string;
  readonly suspended: boolean;
  /** How often each deployment has been started, the first time included. */
  readonly generation: Both<number>;
  readonly sessions: Both<number>;
  readonly runningQueries: Both<number>;
  /** Calls that a deployment was given, by RPC. */
  readonly calls: Readonly<Record<string, Both<number>>>;
  /** Calls that were refused with 456, by the colour they named; `none` without a header. */
  readonly mismatches: Both<number> & { readonly none: number };
  /** How often each query text was executed; the latest texts only, within a bound. */
  readonly executions: Readonly<Record<string, number>>;
}

/**
 * The engine as the admin server sees it. An `EngineMockError` that it throws is answered with its message and 400;
 * nothing has been changed then.
 */
export interface AdminTarget {
  switch(request: SwitchRequest): void;
  state(): AdminState;
  /** Replaces all faults; checks what it is given. */
  setFaults(plan: unknown): void;
  faults(): unknown;
  /** Forgets the sessions of a colour, or of both. Returns how many there were. */
  expireSessions(colour?: Colour): number;
  /** Cuts the connections of all clients. Returns how many there were. */
  killConnections(): number;
  suspend(): void;
  resume(): void;
}
