import type { Mutant } from './mutant.js';

const ROUTING = ['routing/routing'];
const SESSIONS = ['sessions/sessions'];
const LINK = ['manager/store-link'];
const TABLE = ['manager/api-table'];

/** Further rules of the target, of sessions, of the store, and of the origin's table. */
export const ROUTING_MUTANTS: readonly Mutant[] = [
  {
    name: 'newCandidacy',
    of: '4c',
    what: 'a new candidacy has the number of an earlier one',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'this.#candidate = { strategy, prober, proof: ++this.#proofs };',
        to: 'this.#candidate = { strategy, prober, proof: 1 };',
      },
    ],
    by: ROUTING,
  },
  {
    name: 'doubt',
    of: '4c',
    what: 'a word of the same time does not ask for another probe',
    changes: [{ file: 'routing/routing.ts', from: '} else this.#doubt();', to: '}' }],
    by: ROUTING,
  },
  {
    name: 'doubtByChance',
    of: '4c',
    what: 'the same, to be found by chance',
    changes: [{ file: 'routing/routing.ts', from: '} else this.#doubt();', to: '}' }],
    by: {
      bounds: { script: ['announce', 'cutover', 'back', 'cutover'], processes: 1, faults: 0 },
      seeds: 150,
    },
  },
  {
    name: 'newerWithdraws',
    of: '4c',
    what: 'a newer word for the target leaves the candidate',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'this.#words) {\n      this.#close();',
        to: 'this.#words) {',
      },
    ],
    by: ROUTING,
  },
  {
    name: 'namedSince',
    of: '4c',
    what: 'a refused candidate is dropped though it was named since',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'ticket.words !== this.#words) this.#wake();',
        to: 'false) this.#wake();',
      },
    ],
    by: ROUTING,
  },
  {
    name: 'refusedGivesWay',
    of: '4c',
    what: 'a target that refuses calls stays, as what takes them names it',
    changes: [
      { file: 'routing/routing.ts', from: 'this.#isRefused && this.#isProof', to: 'false && this.#isProof' },
    ],
    by: ['sim/scenarios/announcements'],
  },
  {
    name: 'otherOnMismatch',
    of: '4c',
    what: 'a 456 from the target does not make the other deployment the candidate',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'if (this.#candidate === null) this.nominate(otherStrategy(strategy), prober);\n    else if',
        to: 'if',
      },
    ],
    by: { bounds: { active: 'green' }, seeds: 40 },
  },
  {
    name: 'adoptIsAWord',
    of: '4c',
    what: 'what is under way counts as newer than what the store has said since',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'this.#words++;\n    const candidate = this.#candidate;',
        to: 'const candidate = this.#candidate;',
      },
    ],
    by: { bounds: { processes: 2 }, seeds: 400 },
  },
  {
    name: 'expires',
    of: '4.14',
    what: 'a target is believed for ever',
    changes: [{ file: 'routing/routing.ts', from: ' <= this.#cacheTimeoutMs;', to: ' < Infinity;' }],
    by: TABLE,
  },
  {
    name: 'expiredIsAsked',
    of: '4.14',
    what: 'an expired target is used without asking',
    changes: [{ file: 'recovery/recovery.ts', from: 'if (!routing.isConfirmed) return undefined;', to: '' }],
    by: { bounds: { kinds: ['idle'], faults: 3 }, seeds: 60 },
  },
  {
    name: 'heirProbes',
    of: '4c',
    what: 'the candidate of a connection that closes is never probed',
    changes: [{ file: 'routing/routing.ts', from: '      heir.probe();\n', to: '' }],
    by: ROUTING,
  },
  {
    name: 'ownSession',
    of: '4.9',
    what: 'a session is forgotten though another has taken its place',
    changes: [{ file: 'sessions/sessions.ts', from: 'if (side.session !== session) return;', to: '' }],
    by: SESSIONS,
  },
  {
    name: 'noStormOfSessions',
    of: '4.1',
    what: 'a session that is refused as soon as it is opened is replaced at once',
    changes: [
      {
        file: 'sessions/sessions.ts',
        from: '- side.openedAt < this.#o.retryBaseMs',
        to: '- side.openedAt < 0',
      },
    ],
    by: SESSIONS,
  },
  {
    name: 'acceptanceIsSeen',
    of: '4c',
    what: 'the pauses between probes of a refusing candidate grow without bound',
    changes: [
      {
        file: 'sessions/sessions.ts',
        from: 'this.#backOff(side, MOST_DOUBLINGS_OF_MISMATCH);',
        to: 'this.#backOff(side, Infinity);',
      },
    ],
    by: SESSIONS,
  },
  {
    name: 'backoffResets',
    of: '4b',
    what: 'a success does not end the backoff',
    changes: [{ file: 'sessions/sessions.ts', from: '    side.failures = 0;\n', to: '' }],
    by: SESSIONS,
  },
  {
    name: 'jitter',
    of: '4.18',
    what: 'all clients come back at the same time',
    changes: [{ file: 'routing/backoff.ts', from: '(0.75 + o.random() / 2)', to: '1' }],
    by: SESSIONS,
  },
  {
    name: 'closedEnds',
    of: '4.11',
    what: 'what waits for a session goes on after the connection is closed',
    changes: [{ file: 'sessions/sessions.ts', from: 'signal.throwIfAborted();', to: '' }],
    by: SESSIONS,
  },
  {
    name: 'contestAnew',
    of: '4c',
    what: 'who lost the race forgets what it had proved',
    changes: [
      { file: 'manager/switchboard.ts', from: 'this.routing.nominate(mine.strategy, prober);', to: '{}' },
    ],
    by: LINK,
  },
  {
    name: 'contestAdopts',
    of: '4c',
    what: 'who lost the race does not adopt what won it',
    changes: [
      {
        file: 'manager/switchboard.ts',
        from: 'if (theirs.strategy !== null) this.routing.adopt(theirs.strategy);',
        to: '',
      },
    ],
    by: LINK,
  },
  {
    name: 'contestByNow',
    of: '4c',
    what: 'what was proved while a write lost its race is written over what won it',
    changes: [
      {
        file: 'manager/store-link.ts',
        from: 'theirs.strategy !== mine.strategy',
        to: 'mine.strategy === null',
      },
    ],
    by: { bounds: { processes: 2 }, seeds: 300 },
  },
  {
    name: 'firstIsAGuess',
    of: '4c',
    what: 'what the store holds at first counts as news',
    changes: [
      {
        file: 'manager/store-link.ts',
        from: 'if (first) this.#host.guess',
        to: 'if (false) this.#host.guess',
      },
    ],
    by: LINK,
  },
  {
    name: 'hintsAreRead',
    of: '4c',
    what: 'hints of the store are not heeded',
    changes: [{ file: 'manager/store-link.ts', from: 'this.#then(() => this.#look())', to: '{}' }],
    by: LINK,
  },
  {
    name: 'writtenOnce',
    of: '7',
    what: 'what the store says already is written again',
    changes: [
      { file: 'manager/store-link.ts', from: ' || this.#stored?.strategy === state.strategy', to: '' },
    ],
    by: LINK,
  },
  {
    name: 'closedLink',
    of: '4c',
    what: 'a closed manager still adopts',
    changes: [
      { file: 'manager/store-link.ts', from: 'if (this.#closed || reading.state', to: 'if (reading.state' },
    ],
    by: LINK,
  },
  {
    name: 'cancelsPending',
    of: '5',
    what: 'the active colour leaves what is pending',
    changes: [
      {
        file: 'manager/strategy-manager.ts',
        from: 'this.#board.callerPending = null;\n    this.#board.routing.withdraw();',
        to: '',
      },
    ],
    by: TABLE,
  },
  {
    name: 'keepsPins',
    of: '4.7',
    what: 'clearing the cache forgets where queries run',
    changes: [
      {
        file: 'manager/strategy-manager.ts',
        from: 'this.#board.routing.forget();',
        to: 'this.#board.routing.forget();\n    for (const id of Object.keys(this.#board.pins.snapshot())) this.#board.pins.release(id);',
      },
    ],
    by: TABLE,
  },
  {
    name: 'tombstones',
    of: '4.12',
    what: 'it is forgotten at once where an ended query ran',
    changes: [{ file: 'manager/pins.ts', from: 'this.#ended.set(queryId, strategy);', to: '' }],
    by: ['manager/pins'],
  },
  {
    name: 'tombstonesBounded',
    of: '4.12',
    what: 'it is never forgotten',
    changes: [
      { file: 'manager/pins.ts', from: 'if (oldest !== undefined) this.#ended.delete(oldest);', to: '' },
    ],
    by: ['manager/pins'],
  },
];
