import type { Colour } from '../colour.js';

/**
 * Where a switch stands.
 *
 * - `steady`: one colour serves, the other answers 456.
 * - `announced`: both serve, and both announce `to`.
 * - `drain`: `from` serves only what belongs to queries it has, and announces `to`; `to` serves everything.
 *
 * A switch back is a switch the other way that begins before the first has ended: `from` and `to` change places, and the
 * phase is `announced` again. The colour that is returned to keeps its sessions and queries.
 */
export type SwitchState =
  | { readonly phase: 'steady'; readonly active: Colour }
  | {
      readonly phase: 'announced' | 'drain';
      readonly from: Colour;
      readonly to: Colour;
      /** A colour that does not accept anything yet: announced before it accepts. */
      readonly deaf: Colour | null;
    };

export type Phase = SwitchState['phase'];

/** Calls that belong to a query which its deployment knows. */
const PINNED = /^(?:execute|getResultMetadata$|getNextResultBatch$|clear|cancelQuery$|status$|explain)/;

/** Whether a call of the engine is about a query that was prepared before. */
export const isPinned = (rpc: string): boolean => PINNED.test(rpc);

/** Whether a deployment takes a call in this state; otherwise the answer is 456. */
export function accepts(state: SwitchState, colour: Colour, rpc: string): boolean {
  if (state.phase === 'steady') return colour === state.active;
  if (colour === state.deaf) return false;
  return state.phase === 'announced' || colour === state.to || isPinned(rpc);
}

/** The `new_strategy` in the replies of a deployment. */
export function announcedBy(state: SwitchState, colour: Colour): Colour | undefined {
  if (state.phase === 'steady') return undefined;
  return state.phase === 'announced' || colour === state.from ? state.to : undefined;
}

/** The colour that takes new work; while a switch is announced, the old one still counts. */
export function activeOf(state: SwitchState): Colour {
  if (state.phase === 'steady') return state.active;
  return state.phase === 'announced' ? state.from : state.to;
}

/** The colour that a switch goes to; null while there is none. */
export const nextOf = (state: SwitchState): Colour | null => (state.phase === 'steady' ? null : state.to);
