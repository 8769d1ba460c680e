import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leaderKey } from '../../src/locks/lock-name.js';
import { rest, type TestSession, TestStore } from '../support/test-session.js';
import { lineOf, Told } from '../support/told.js';
import { Replay } from './replay.js';

const GROUP = 'g';
const SELF = 'ada';
/** The observer is the first of them. */
const MEMBERS = [SELF, 'ben', 'cleo'] as const;

type Term = NonNullable<Awaited<ReturnType<TestSession['elect']>>>;

/** Everybody does something at random, while the first watches. */
class World {
  readonly store = new TestStore();
  readonly told: Told;
  readonly #sessions: readonly TestSession[];
  readonly #terms = new Map<TestSession, Term>();
  /** The observer's own term as its election has told it. */
  #own: bigint | null = null;
  /** The terms of the observer that have ended; their leases may still be there. */
  readonly #over = new Set<bigint>();
  #release: (() => void) | null = null;

  private constructor(store: TestStore, sessions: readonly TestSession[]) {
    this.store = store;
    this.#sessions = sessions;
    this.told = new Told(this.self.observatory.events(GROUP));
  }

  static async open(): Promise<World> {
    const store = new TestStore();
    const sessions: TestSession[] = [];
    for (const member of MEMBERS) sessions.push(await store.session(member, { lockTtlMs: 300_000 }));
    const world = new World(store, sessions);
    await rest();
    return world;
  }

  /** The observer's next reading is answered by the store and comes late. */
  stall(): void {
    this.#release ??= this.self.faults.hold('readGroups').release;
  }

  unstall(): void {
    this.#release?.();
    this.#release = null;
  }

  get isStalled(): boolean {
    return this.#release !== null;
  }

  get self(): TestSession {
    return this.at(0);
  }

  at(index: number): TestSession {
    const session = this.#sessions[index % this.#sessions.length];
    if (!session) throw new Error('no session');
    return session;
  }

  /** Takes the leader lock; the observer's election says so. */
  async elect(session: TestSession): Promise<void> {
    if (session === this.self && this.#own !== null) return;
    const term = await session.elect(GROUP);
    if (!term) return;
    this.#terms.set(session, term);
    if (session !== this.self) return;
    this.#own = term.term;
    session.observatory.ownTerm(GROUP, { type: 'elected', term: term.term });
  }

  /** Gives it back, if it still has it. The observer says so before, as the election does. */
  async resign(session: TestSession, settled: boolean): Promise<void> {
    const term = this.#terms.get(session);
    this.#terms.delete(session);
    if (!term) return;
    if (session === this.self) this.#end({ type: 'resigned', settled });
    if (settled) await term.resign();
  }

  /** The observer's election finds out that its term is lost, rightly or because its own time is over. */
  lose(): void {
    this.#terms.delete(this.self);
    this.#end({ type: 'lost' });
  }

  #end(how: { readonly type: 'lost' } | { readonly type: 'resigned'; readonly settled: boolean }): void {
    if (this.#own === null) return;
    const term = this.#own;
    this.#own = null;
    this.#over.add(term);
    this.self.observatory.ownTerm(GROUP, { ...how, term });
  }

  /** Nothing is lost any more: the stream has to lead to what is read now. */
  async check(): Promise<void> {
    this.unstall();
    this.self.hears = true;
    this.self.faults.loseReplies.clear();
    await this.store.clock.advanceAsync(this.self.session.options.pollMs);
    await rest();
    const replay = new Replay(SELF);
    for (const event of this.told.events) replay.apply(event);
    const [reading] = await this.self.driver.readGroups({ groups: [GROUP], capabilities: false, self: SELF });
    const members = reading?.members.map(({ id }) => id) ?? [];
    const story = this.told.events.map(lineOf).join(', ');
    expect([...replay.members].sort(), story).toEqual([...members].sort());
    expect(replay.leader, story).toEqual(this.#leaderOf(reading?.leader ?? null));
    const evicted = this.told.events.filter(({ type }) => type === 'evicted');
    expect(evicted.length, `${story}: every eviction once, and no leave as one`).toBe(
      this.self.evictions.length,
    );
  }

  /**
   * Whoever the store names; but the observer's own terms are what its election says, unless a successor was seen before
   * the election noticed.
   */
  #leaderOf(leader: { readonly memberId: string | undefined; readonly term: bigint | null } | null) {
    const named = leader === null ? null : { memberId: leader.memberId, term: leader.term ?? undefined };
    if (named?.term !== undefined && this.#over.has(named.term)) return null;
    const own = this.#own;
    const leads =
      own !== null && !this.told.events.some((event) => event.type === 'lost' && event.term === own);
    if (leads && (named?.term === undefined || named.term === own)) return { memberId: SELF, term: own };
    return named;
  }

  async close(): Promise<void> {
    this.unstall();
    await this.store.close();
    await this.told.ended;
    expect(this.store.clock.timers).toBe(0);
  }
}

/** A refusal, or a reply that got lost, is part of life. */
const tolerating = async (action: Promise<unknown>): Promise<void> => {
  await action.catch(() => {});
};

const somebody = fc.nat({ max: MEMBERS.length - 1 });
const step = fc.oneof(
  { weight: 4, arbitrary: somebody.map((n) => ({ does: 'join', n }) as const) },
  { weight: 2, arbitrary: somebody.map((n) => ({ does: 'leave', n }) as const) },
  { weight: 2, arbitrary: somebody.map((n) => ({ does: 'evict', n }) as const) },
  { weight: 2, arbitrary: somebody.map((n) => ({ does: 'beat', n }) as const) },
  { weight: 1, arbitrary: somebody.map((n) => ({ does: 'silence', n }) as const) },
  { weight: 3, arbitrary: somebody.map((n) => ({ does: 'elect', n }) as const) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('resign' as const), n: somebody, settled: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'lose' } as const) },
  { weight: 2, arbitrary: fc.constant({ does: 'break' } as const) },
  { weight: 1, arbitrary: fc.constant({ does: 'delete' } as const) },
  { weight: 2, arbitrary: fc.boolean().map((hears) => ({ does: 'hints', hears }) as const) },
  { weight: 2, arbitrary: fc.boolean().map((works) => ({ does: 'readings', works }) as const) },
  { weight: 1, arbitrary: fc.constant({ does: 'lose leave reply' } as const) },
  { weight: 2, arbitrary: fc.boolean().map((late) => ({ does: 'answers', late }) as const) },
  { weight: 3, arbitrary: fc.constant({ does: 'poll' } as const) },
  { weight: 1, arbitrary: fc.constant({ does: 'run watchers' } as const) },
  { weight: 4, arbitrary: fc.constant({ does: 'rest' } as const) },
  { weight: 2, arbitrary: fc.constant({ does: 'check' } as const) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take(world: World, one: Step): Promise<void> {
  const { self, store } = world;
  switch (one.does) {
    case 'join':
      return tolerating(world.at(one.n).groups.joinGroupCreate(GROUP));
    case 'leave':
      return tolerating(world.at(one.n).groups.leaveGroup(GROUP));
    case 'evict':
      return world.at(one.n).evict(GROUP);
    case 'beat':
      return tolerating(world.at(one.n).beat());
    case 'silence': {
      const half = self.session.options.membershipTtlMs * 0.6;
      for (let n = 0; n < 2; n++) {
        store.clock.advance(half);
        for (let m = 0; m < MEMBERS.length; m++) if (m !== one.n) await tolerating(world.at(m).beat());
      }
      return;
    }
    case 'elect':
      return world.elect(world.at(one.n));
    case 'resign':
      return world.resign(world.at(one.n), one.settled);
    case 'lose':
      return world.lose();
    case 'break':
      return tolerating(world.at(1).driver.revoke(leaderKey(GROUP), 'break'));
    case 'delete':
      return tolerating(world.at(1).groups.deleteGroup(GROUP));
    case 'hints':
      self.hears = one.hears;
      return;
    case 'readings':
      if (one.works) self.faults.loseReplies.delete('readGroups');
      else self.faults.loseReplies.add('readGroups');
      return;
    case 'lose leave reply':
      self.faults.loseReplies.add('leave');
      await tolerating(self.groups.leaveGroup(GROUP));
      self.faults.loseReplies.delete('leave');
      return;
    case 'answers':
      if (one.late) world.stall();
      else world.unstall();
      return;
    case 'poll':
      return store.clock.advanceAsync(self.session.options.pollMs);
    case 'run watchers':
      if (world.isStalled) return;
      return tolerating(self.watchers.runWatchers());
    case 'rest':
      return rest();
    case 'check':
      return world.check();
  }
}

test('a stream is ordered and unique, and leads to the state that is read, whatever gets lost (B17, B18, B20, B21)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const world = await World.open();
      try {
        for (const one of steps) await take(world, one);
        await world.check();
      } finally {
        await world.close();
      }
    }),
    { numRuns: 150 },
  );
});
