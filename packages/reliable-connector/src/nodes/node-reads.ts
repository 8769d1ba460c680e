import type { ListedGroup } from './node-client.js';
import { parseJson } from './own-error.js';

/** One page of the extension `list`. */
export interface GroupPage {
  readonly groups: readonly ListedGroup[];
  /** What `after` asks for the following page; null: this is the last. */
  readonly next: string | null;
}

/** `GET /stats`: whether the ids of all nodes agree, and how many each has. */
export interface NodeStats {
  readonly consistent: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

/** Reads `{"groups":[{"groupId","timestamp"}],"next"}`; null when it is anything else, in any part. */
export function parseGroupPage(body: string): GroupPage | null {
  const value = parseJson(body);
  if (!isObject(value) || !Array.isArray(value['groups'])) return null;
  const groups: ListedGroup[] = [];
  for (const entry of value['groups']) {
    if (!isObject(entry)) return null;
    const { groupId, timestamp } = entry;
    if (typeof groupId !== 'string' || !(timestamp === null || typeof timestamp === 'number')) return null;
    groups.push({ groupId, timestamp });
  }
  const next = value['next'] ?? null;
  return next === null || typeof next === 'string' ? { groups, next } : null;
}

/** Reads `[true, {"node01": 3}]`, the origin's text; null when it is anything else. */
export function parseStats(body: string): NodeStats | null {
  const value = parseJson(body);
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [consistent, counts]: unknown[] = value;
  if (typeof consistent !== 'boolean' || !isObject(counts)) return null;
  const checked: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    if (typeof count !== 'number') return null;
    checked[name] = count;
  }
  return { consistent, counts: checked };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
