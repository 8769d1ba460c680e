import type { LockReading } from '../../src/driver/index.js';
import type { Leadership } from '../../src/election/leadership.js';
import { type Deferred, deferred } from '../coordinator/deferred.js';
import { requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

export const TTL_MS = 9_000;
const HAND_OVER_MS = 4_000;
const KEY = { kind: 'leader', id: 'g', text: true } as const;

/** One thing that happens; `who` is one of three coordinators. */
export type Action =
  | {
      readonly do:
        | 'lead'
        | 'settle'
        | 'abort'
        | 'stand down'
        | 'ask'
        | 'elect'
        | 'stop'
        | 'start'
        | 'cut'
        | 'mend';
      readonly who: number;
    }
  | { readonly do: 'depose' }
  | { readonly do: 'pass' | 'block'; readonly ms: number };

interface Work {
  readonly by: string;
  readonly leadership: Leadership;
  readonly result: Deferred<void>;
  readonly abort: AbortController;
}

/** Three candidates of one group, and who thinks that it leads. Collects what must not be. */
export class World {
  readonly violations: string[] = [];
  readonly #stage = new Stage();
  readonly #players: Player[] = [];
  /** Stands for nothing and is never stopped: it keeps the store, and looks. */
  #observer: Player | null = null;
  readonly #works: Work[] = [];
  readonly #deposed = new Set<bigint>();
  readonly #waiting: { readonly by: string; readonly abort: AbortController }[] = [];
  readonly #pending: Promise<unknown>[] = [];
  /** What each coordinator has told of its own terms since its start. */
  readonly #told = new Map<string, string[]>();
  readonly #elected: bigint[] = [];
  #latest = 0n;

  /** How many terms there were. */
  get terms(): number {
    return this.#elected.length;
  }

  async open(): Promise<void> {
    this.#observer = await this.#stage.player('observer');
    for (const id of ['a', 'b', 'c']) {
      const player = this.#stage.idle(id, {
        lockTtlMs: TTL_MS,
        membershipTtlMs: TTL_MS,
        handOverTimeoutMs: HAND_OVER_MS,
      });
      this.#players.push(player);
      await this.#start(player);
    }
  }

  async run(action: Action): Promise<void> {
    const player = 'who' in action ? this.#players[action.who] : undefined;
    if (player) await this.#act(action.do, player);
    else if (action.do === 'depose') await this.#depose();
    else if (action.do === 'pass') await this.#stage.pass(action.ms);
    else if (action.do === 'block') this.#stage.clock.block(action.ms);
    await this.#stage.rest();
    this.#look();
  }

  /** All faults end, all work settles, all stop. */
  async close(): Promise<void> {
    for (const { script } of this.#players) script.free();
    for (const { result } of this.#works) result.resolve();
    const stage = this.#stage;
    for (const { coordinator } of this.#players)
      if (coordinator.isStarted) this.#pending.push(coordinator.stop().catch(() => {}));
    await stage.within(10 * TTL_MS, Promise.all(this.#pending));
    for (const { result } of this.#works) result.resolve();
    await stage.pass(TTL_MS);
    for (const { memberId } of await this.#holders()) this.violations.push(`${memberId} still leads at rest`);
    for (const id of this.#told.keys()) this.#judge(id);
    await stage.close();
  }

  async #act(what: Action['do'], player: Player): Promise<void> {
    const { coordinator, script } = player;
    const { memberId: by } = coordinator;
    if (what === 'start' && !coordinator.isStarted) return this.#start(player);
    if (what === 'cut') for (const method of ['beat', 'acquire'] as const) script.always(method, requestLost);
    if (what === 'mend') script.free();
    if (what === 'settle') this.#workOf(by)?.result.resolve();
    if (what === 'abort') {
      this.#workOf(by)?.abort.abort(new Error('enough'));
      this.#waiting
        .find((one) => one.by === by && !one.abort.signal.aborted)
        ?.abort.abort(new Error('enough'));
    }
    if (!coordinator.isStarted) return;
    if (what === 'lead') this.#lead(player);
    if (what === 'elect') this.#follow(coordinator.runElectCoordinator());
    if (what === 'stand down') this.#follow(coordinator.standDownGroupLeader('g'));
    if (what === 'ask') this.#follow(coordinator.requestStandDown('g'));
    if (what === 'stop') this.#follow(coordinator.stop());
  }

  async #start(player: Player): Promise<void> {
    const { coordinator } = player;
    const { memberId } = coordinator;
    await coordinator.start();
    this.#judge(memberId);
    const told: string[] = [];
    this.#told.set(memberId, told);
    coordinator.watchElectedAsLeader('g', () => {});
    const read = async (): Promise<void> => {
      for await (const event of coordinator.events('g')) {
        if (!('memberId' in event) || event.memberId !== memberId) continue;
        if (event.type !== 'elected' && event.type !== 'lost' && event.type !== 'resigned') continue;
        told.push(`${event.type} ${event.term}`);
        if (event.type === 'elected') this.#elected.push(event.term ?? 0n);
      }
    };
    this.#follow(read());
    await this.#stage.rest();
  }

  #lead({ coordinator }: Player): void {
    const by = coordinator.memberId;
    const abort = new AbortController();
    const waiting = { by, abort };
    this.#waiting.push(waiting);
    const run = async (leadership: Leadership): Promise<void> => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      if (leadership.signal.aborted) this.violations.push(`${by} begins under a term that is over`);
      // Whoever was deposed may not know yet, and begin more work under its old term.
      if (leadership.term < this.#latest && !this.#deposed.has(leadership.term))
        this.violations.push(`term ${leadership.term} after ${this.#latest}`);
      if (leadership.term > this.#latest) this.#latest = leadership.term;
      const work = { by, leadership, result: deferred(), abort };
      this.#works.push(work);
      this.#look();
      await work.result.promise;
      this.#works.splice(this.#works.indexOf(work), 1);
    };
    this.#follow(coordinator.lead('g', run, { signal: abort.signal }));
  }

  /** B18: no two unexpired terms, by what the works themselves can see; one that was broken does not count. */
  #look(): void {
    const valid = this.#works.filter(
      ({ leadership: { term, signal } }) => !signal.aborted && !this.#deposed.has(term),
    );
    const terms = new Set(valid.map(({ leadership }) => leadership.term));
    if (terms.size > 1)
      this.violations.push(
        `${valid.map(({ by, leadership }) => `${by} ${leadership.term}`).join(' and ')} lead at once`,
      );
  }

  /** Each term that began has ended once, before the next. */
  #judge(id: string): void {
    const told = this.#told.get(id) ?? [];
    const wrong = told.find((line, at) => {
      const [type, term] = line.split(' ');
      if (type === 'elected') return at % 2 === 1;
      return at % 2 === 0 || told[at - 1] !== `elected ${term}`;
    });
    if (wrong !== undefined || told.length % 2 === 1) this.violations.push(`${id} tells: ${told.join(', ')}`);
    this.#told.delete(id);
    if (this.#elected.some((term, at) => at > 0 && term <= (this.#elected[at - 1] ?? 0n)))
      this.violations.push(`terms do not increase: ${this.#elected.join(', ')}`);
  }

  async #depose(): Promise<void> {
    for (const { fence } of await this.#holders()) if (fence !== null) this.#deposed.add(fence);
    await this.#observer?.script.raw.revoke(KEY, 'break');
  }

  async #holders(): Promise<LockReading['holders']> {
    return (await this.#observer?.script.raw.inspect(KEY))?.holders ?? [];
  }

  #workOf(by: string): Work | undefined {
    return this.#works.find((work) => work.by === by);
  }

  #follow(promise: Promise<unknown>): void {
    this.#pending.push(promise.catch(() => {}));
  }
}
