import { ReliableConnectorError } from './errors.js';
import { wholeInRange } from './in-range.js';
import type { Journal } from './journal/journal.js';
import type { Transport } from './nodes/transport.js';
import {
  type EngineOptions,
  type Filled,
  type ResolvedEngineOptions,
  resolveEngineOptions,
} from './saga/engine-options.js';

/** Bounds on what goes to and comes from a node. */
export interface LimitOptions {
  /** Longest group id in bytes of UTF-8. Default 256. */
  readonly idBytes?: number;
  /** Requests in flight per node; more wait in its queue. Default 64. */
  readonly maxInFlightPerNode?: number;
  /** Largest reply body in bytes that is read; a larger one decides nothing. Default 65,536. */
  readonly replyBytes?: number;
}

/** `maxServerLagMs` of `EngineOptions` is 2,000 by default when all nodes are loopback addresses. */
export interface ConnectorOptions extends EngineOptions {
  /** Node name → base URL, as `{ node01: 'http://127.0.0.1:8080/v1' }`. 1 to 64 nodes. The name travels in the header `node`. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Path of the embedded SQLite journal (needs `better-sqlite3`), or a journal. */
  readonly journal: string | Journal;
  /** Opens the connector for one leadership term: its fence is raised, and when `signal` aborts it sends nothing more. */
  readonly leadership?: { readonly term: bigint; readonly signal: AbortSignal };
  /** A node's own error reply ends its handler (4.2). Default true. */
  readonly ownErrorsAreFinal?: boolean;
  readonly limits?: LimitOptions;
  /** PEM certificates that `https:` nodes are checked against, instead of the host's. Default: the host's. */
  readonly ca?: string;
  /** Default: an undici pool per node. */
  readonly transport?: Transport;
}

/** `ConnectorOptions` with every default filled in and every range checked. */
export interface ResolvedOptions extends ResolvedEngineOptions {
  readonly nodes: Readonly<Record<string, string>>;
  readonly journal: string | Journal;
  readonly leadership: { readonly term: bigint; readonly signal: AbortSignal } | null;
  readonly ownErrorsAreFinal: boolean;
  readonly limits: Filled<LimitOptions>;
  readonly ca: string | null;
  readonly transport: Transport | null;
}

const LOOPBACK_LAG_MS = 2_000;
const MAX_NODES = 64;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT` naming the option, its value and its limits. */
export function resolveConnectorOptions(o: ConnectorOptions): ResolvedOptions {
  const nodes = checkedNodes(o.nodes);
  const lag = allLoopback(nodes) ? { maxServerLagMs: LOOPBACK_LAG_MS } : {};
  const given = o.maxServerLagMs === undefined ? lag : {};
  return Object.freeze({
    ...resolveEngineOptions({ ...o, ...given }),
    nodes,
    journal: o.journal,
    leadership: o.leadership ?? null,
    ownErrorsAreFinal: o.ownErrorsAreFinal ?? true,
    limits: Object.freeze({
      idBytes: wholeInRange('limits.idBytes', o.limits?.idBytes ?? 256, 1, 65_536),
      maxInFlightPerNode: wholeInRange(
        'limits.maxInFlightPerNode',
        o.limits?.maxInFlightPerNode ?? 64,
        1,
        4_096,
      ),
      replyBytes: wholeInRange('limits.replyBytes', o.limits?.replyBytes ?? 65_536, 256, 2 ** 24),
    }),
    ca: o.ca ?? null,
    transport: o.transport ?? null,
  });
}

function checkedNodes(nodes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(nodes);
  if (entries.length < 1 || entries.length > MAX_NODES)
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `nodes has ${entries.length} entries; give 1 to ${MAX_NODES}, as { node01: "http://127.0.0.1:8080/v1" }`,
    );
  for (const [name, url] of entries) {
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `node name ${JSON.stringify(name)} is not usable as a header; use 1 to 64 letters, digits, ".", "_" or "-"`,
      );
    checkUrl(name, url);
  }
  return Object.freeze(Object.fromEntries(entries.map(([name, url]) => [name, url.replace(/\/+$/, '')])));
}

/** A base URL and nothing else: credentials would reach messages, a query would reach no node. */
function checkUrl(name: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `the URL of node ${name} is ${JSON.stringify(url.replace(/\/\/.*@/, '//…@'))}; give an http or https URL`,
    );
  if (parsed.username || parsed.password || parsed.search || parsed.hash)
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `the URL of node ${name} (${parsed.origin}${parsed.pathname}) has credentials, a query or a fragment; give the base URL alone`,
    );
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const allLoopback = (nodes: Readonly<Record<string, string>>): boolean =>
  Object.values(nodes).every((url) => LOOPBACK.test(new URL(url).hostname));
