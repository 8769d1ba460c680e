import type { SentCall } from '../network/network.js';
import type { Rule, Scene } from './rule.js';

/** So many equal requests of one process within so many ms are a loop without backoff (4.8). */
const MOST = 40;
const WITHIN_MS = 500;

/** Retries are spaced: no node is hammered, whatever it answers. */
export class Pacing implements Rule {
  readonly #scene: Scene;
  readonly #recent = new Map<string, number[]>();
  readonly #reported = new Set<string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  sent(call: SentCall): void {
    const { process, method, node, groupId, token, sentAt } = call;
    if (method === 'GET') return;
    const what = `${method} ${groupId} ${token} from ${process.name} to ${node}`;
    const times = this.#recent.get(what) ?? [];
    this.#recent.set(what, times);
    times.push(sentAt);
    if (times.length <= MOST) return;
    const first = times.shift() ?? 0;
    if (sentAt - first > WITHIN_MS || this.#reported.has(what)) return;
    this.#reported.add(what);
    this.#scene.report('X', `${what}: ${MOST} times within ${Math.round(sentAt - first)} ms`);
  }
}
