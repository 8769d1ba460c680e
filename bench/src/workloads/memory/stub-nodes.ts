import type { NodeReply, NodeRequest, Transport } from '@holdfast/reliable-connector';
import { nowMs } from '../../harness/clock.js';

const HEADERS = Object.freeze({ 'holdfast-extensions': 'timestamp, tombstone, fence, list' });

/**
 * Nodes in this process that answer at once and never fail: a million sagas take minutes instead of an hour, and what
 * grows is not theirs. They hold a record as long as it exists; no tombstone is kept.
 */
export class StubNodes implements Transport {
  readonly #records = new Map<string, string>();

  /** Records on all nodes. */
  get size(): number {
    return this.#records.size;
  }

  async send(node: string, request: NodeRequest): Promise<NodeReply> {
    const sentAt = nowMs();
    const { method, path, headers, body } = request;
    const groupId = method === 'GET' ? decodeURIComponent(path.slice('/group/'.length)) : idOf(body);
    const key = `${node} ${groupId}`;
    const timestamp = this.#records.get(key);
    const reply = (status: number, text: string, more: Readonly<Record<string, string>> = {}): NodeReply => ({
      kind: 'reply',
      status,
      headers: { ...HEADERS, ...more },
      body: text,
      sentAt,
    });
    if (method === 'GET') {
      if (timestamp === undefined) return reply(404, absent(groupId));
      return reply(200, JSON.stringify({ groupId }), { timestamp });
    }
    if (method === 'POST') {
      this.#records.set(key, headers['timestamp'] ?? '');
      return reply(201, 'CREATED');
    }
    if (timestamp === undefined || timestamp !== headers['timestamp']) return reply(404, absent(groupId));
    this.#records.delete(key);
    return reply(200, 'OK');
  }

  async close(): Promise<void> {
    this.#records.clear();
  }
}

function absent(groupId: string): string {
  return JSON.stringify({ message: `No group record found with id ${groupId}`, status: 404 });
}

function idOf(body: string | undefined): string {
  // Written by the connector: always an object with this one member.
  return (JSON.parse(body ?? '{}') as { readonly groupId: string }).groupId;
}
