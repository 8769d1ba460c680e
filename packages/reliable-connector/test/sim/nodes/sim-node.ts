import type { Extension } from '../../../src/nodes/answer.js';
import type { NodeRequest } from '../../../src/nodes/transport.js';
import { ownError, replies, type WireReply } from './replies.js';

/** What one request did to a node, told to the observer at once. */
export interface Effect {
  readonly verb: 'POST' | 'DELETE';
  readonly groupId: string;
  /** The version that the request named; null: none. */
  readonly token: number | null;
  readonly status: number;
  /** The version that a DELETE removed; undefined: it removed nothing. A record without timestamp is null. */
  readonly removed?: number | null;
  /** A POST that created the record. */
  readonly created: boolean;
}

/** What a node answers, and what it did; GET and the like do nothing. */
export interface Handled {
  readonly reply: WireReply;
  readonly effect: Effect | null;
}

/**
 * One node with the origin's semantics and any of the extensions. A request is atomic. It knows nothing of faults: the
 * network decides whether and when a request reaches it.
 */
export class SimNode {
  readonly name: string;
  readonly extensions: Set<Extension>;
  /** Group id → version; null: created without one. */
  readonly records = new Map<string, number | null>();
  /** `refusing`: answers every write with 403. */
  mode: 'serving' | 'refusing' = 'serving';
  readonly #tombstones = new Set<string>();
  readonly #fences = new Map<string, bigint>();

  constructor(name: string, extensions: Iterable<Extension>) {
    this.name = name;
    this.extensions = new Set(extensions);
  }

  /** Comes back with an empty disk. */
  wipe(): void {
    this.records.clear();
    this.#tombstones.clear();
    this.#fences.clear();
  }

  handle(request: NodeRequest): Handled {
    const { reply, effect } = this.#route(request);
    if (this.extensions.size === 0) return { reply, effect };
    const advertised = { 'holdfast-extensions': [...this.extensions].join(', ') };
    return { reply: { ...reply, headers: { ...reply.headers, ...advertised } }, effect };
  }

  #route(request: NodeRequest): Handled {
    const { pathname, searchParams } = new URL(request.path, 'http://node/');
    if (request.method === 'GET') {
      if (pathname === '/groups' && this.extensions.has('list')) return read(this.#list(searchParams));
      if (pathname.startsWith('/group/')) return read(this.#get(decodeURIComponent(pathname.slice(7))));
      return read(replies.notFound);
    }
    return this.#write(request.method, request);
  }

  #get(groupId: string): WireReply {
    const version = this.records.get(groupId);
    if (version === undefined) return replies.noRecord(groupId, null);
    const reply = replies.group(groupId);
    if (version === null || !this.extensions.has('timestamp')) return reply;
    return { ...reply, headers: { ...reply.headers, timestamp: String(version) } };
  }

  #list(query: URLSearchParams): WireReply {
    const after = query.get('after');
    const limit = Number(query.get('limit') ?? 1000);
    const ids = [...this.records.keys()].sort().filter((id) => after === null || id > after);
    const page = ids
      .slice(0, limit)
      .map((groupId) => ({ groupId, timestamp: this.records.get(groupId) ?? null }));
    return replies.list(page, ids.length > limit ? (page.at(-1)?.groupId ?? null) : null);
  }

  #write(verb: 'POST' | 'DELETE', request: NodeRequest): Handled {
    const groupId = String(JSON.parse(request.body ?? '{}').groupId);
    const header = request.headers['timestamp'];
    const token = header === undefined ? null : Number(header);
    const done = (reply: WireReply, more: { created?: boolean; removed?: number | null } = {}): Handled => ({
      reply,
      effect: { verb, groupId, token, status: reply.status, created: false, ...more },
    });
    if (this.mode === 'refusing') return done(ownError(403, 'Forbidden.'));
    if (this.#fencesOff(request.headers['holdfast-fence'])) return done(replies.fenced);
    return verb === 'POST' ? this.#post(groupId, token, done) : this.#delete(groupId, token, done);
  }

  #post(groupId: string, token: number | null, done: Done): Handled {
    if (this.#tombstones.has(`${groupId}\n${token}`)) return done(replies.burnt);
    if (this.records.has(groupId)) return done(replies.exists);
    this.records.set(groupId, token);
    return done(replies.created, { created: true });
  }

  #delete(groupId: string, token: number | null, done: Done): Handled {
    if (token !== null && this.extensions.has('tombstone')) this.#tombstones.add(`${groupId}\n${token}`);
    const version = this.records.get(groupId);
    if (version === undefined || (token !== null && version !== token))
      return done(replies.noRecord(groupId, token));
    this.records.delete(groupId);
    return done(replies.deleted, { removed: version });
  }

  /** 4.7: the highest value per scope stays; a lower one is turned away. */
  #fencesOff(header: string | undefined): boolean {
    if (header === undefined || !this.extensions.has('fence')) return false;
    const colon = header.lastIndexOf(':');
    const [scope, value] = [header.slice(0, colon), BigInt(header.slice(colon + 1))];
    const highest = this.#fences.get(scope) ?? 0n;
    if (value < highest) return true;
    this.#fences.set(scope, value);
    return false;
  }
}

type Done = (reply: WireReply, more?: { created?: boolean; removed?: number | null }) => Handled;

function read(reply: WireReply): Handled {
  return { reply, effect: null };
}
