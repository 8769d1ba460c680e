import type { IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { type Colour, isColour } from '../colour.js';
import type { CallName } from '../rpc-names.js';
import { accepts, activeOf, type SwitchState } from '../switching/switch-state.js';

/** What the router goes by. */
export interface RoutingRules {
  readonly state: () => SwitchState;
  readonly isSuspended: () => boolean;
  /** Name that a call's cluster header must have, in lower case; undefined: any. */
  readonly clusterName: string | undefined;
}

/** Where a call goes. */
export type Route =
  | { readonly to: 'deployment'; readonly colour: Colour }
  /** The colour is undefined where the header names none. */
  | { readonly to: 'mismatch'; readonly colour: Colour | undefined }
  | { readonly to: 'suspended' }
  | { readonly to: 'refused'; readonly code: status; readonly message: string };

/** The header with the cluster's name, and the one that it had before. */
const CLUSTER_HEADERS = ['cluster-name', 'cluster-uuid'] as const;

/** Looks at path and headers of a call, never into it. */
export function decideRoute(rules: RoutingRules, name: CallName, headers: IncomingHttpHeaders): Route {
  const problem = problemOf(rules, name, headers);
  if (problem !== undefined) return { to: 'refused', ...problem };
  // The cluster service is the way out of a suspension, and of no colour; any deployment can answer for it.
  const state = rules.state();
  if (name.service === 'cluster') return { to: 'deployment', colour: activeOf(state) };
  if (rules.isSuspended()) return { to: 'suspended' };
  const { strategy } = headers;
  if (!isColour(strategy)) return { to: 'mismatch', colour: undefined };
  return accepts(state, strategy, name.rpc)
    ? { to: 'deployment', colour: strategy }
    : { to: 'mismatch', colour: strategy };
}

function problemOf(
  rules: RoutingRules,
  { service }: CallName,
  headers: IncomingHttpHeaders,
): { readonly code: status; readonly message: string } | undefined {
  if (service === null) {
    return { code: status.UNIMPLEMENTED, message: `there is no service for ${String(headers[':path'])}` };
  }
  const wanted = rules.clusterName;
  if (wanted === undefined) return undefined;
  for (const header of CLUSTER_HEADERS) {
    const given = headers[header];
    if (given !== undefined && String(given).toLowerCase() !== wanted) {
      return {
        code: status.FAILED_PRECONDITION,
        message: `cluster ${String(given)} is not served here; this is ${wanted} (header ${header})`,
      };
    }
  }
  return undefined;
}
