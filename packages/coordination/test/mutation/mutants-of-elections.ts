import type { Mutant } from './mutant.js';

const LEAD = 'election/lead';
const HAND_OVER = 'election/hand-over';
const SHARING = 'election/sharing';
const PROPERTY = 'election/election.property';

/** Rules of how terms begin, are shared and end. */
export const ELECTION_MUTANTS: readonly Mutant[] = [
  {
    name: 'settleFirst',
    of: 'B19, E',
    what: 'a term is released before its work has settled',
    changes: [
      {
        file: 'election/term.ts',
        from: 'const settled = await this.#allWithinBounds();',
        to: 'const settled = true;',
      },
    ],
    tests: [HAND_OVER],
  },
  {
    name: 'settleFirstAnyOrder',
    of: 'B18',
    what: 'the same, to be found by chance',
    changes: [
      {
        file: 'election/term.ts',
        from: 'const settled = await this.#allWithinBounds();',
        to: 'await this.#host.release(this.lease);\n    const settled = await this.#allWithinBounds();',
      },
      {
        file: 'locks/lease.ts',
        from: "#state === 'held' && this.#overdue() === null",
        to: "#state !== 'lost'",
      },
    ],
    tests: [PROPERTY],
  },
  {
    name: 'handOverEnds',
    of: 'E',
    what: 'the lease is renewed after handOverTimeoutMs',
    changes: [{ file: 'election/term.ts', from: 'else this.#host.letExpire(this.lease);', to: '' }],
    tests: [HAND_OVER],
  },
  {
    name: 'notReleasedUnsettled',
    of: 'E',
    what: 'the lease is released after handOverTimeoutMs though work is under way',
    changes: [
      {
        file: 'election/term.ts',
        from: 'if (settled) await this.#host.release(this.lease);',
        to: 'if (settled || true) await this.#host.release(this.lease);',
      },
    ],
    tests: [HAND_OVER],
  },
  {
    name: 'boundOfTheCall',
    of: 'E',
    what: 'a shorter handOverTimeoutMs of the call is not heeded',
    changes: [
      {
        file: 'election/term.ts',
        from: 'Math.max(0, ...bounds)',
        to: 'Math.max(this.#host.handOverTimeoutMs, ...bounds)',
      },
    ],
    tests: [HAND_OVER],
  },
  {
    name: 'noWorkWhileEnding',
    of: 'E',
    what: 'work begins under a term that is being handed over',
    changes: [
      {
        file: 'election/term.ts',
        from: 'return this.#ending === null && this.lease.isHeld;',
        to: 'return !this.#isOver && this.lease.isHeld;',
      },
    ],
    tests: [HAND_OVER, SHARING],
  },
  {
    name: 'lossIsTold',
    of: 'B20',
    what: 'a lease that ran out unseen is resigned as if nothing had been',
    changes: [
      {
        file: 'election/term.ts',
        from: "if (!this.#isOver && !this.lease.isHeld) this.lease.lost('it was not renewed in time');",
        to: '',
      },
    ],
    tests: [LEAD],
  },
  {
    name: 'lostRejects',
    of: 'E lead()',
    what: 'lead() resolves though its lease was lost',
    changes: [
      {
        file: 'election/term.ts',
        from: 'if (this.#loss) throw',
        to: 'if (this.#loss && settled === null) throw',
      },
    ],
    tests: [LEAD],
  },
  {
    name: 'lateWorkEnds',
    of: 'E',
    what: 'work that nobody waits for any more keeps the group for ever',
    changes: [
      {
        file: 'election/term.ts',
        from: 'work !== except && !this.#late.has(work)',
        to: 'work !== except',
      },
    ],
    tests: [HAND_OVER],
  },
  {
    name: 'hooksKeepTerm',
    of: 'E',
    what: 'the end of work ends a term that hooks were told of',
    changes: [{ file: 'election/term.ts', from: 'if (this.isHooked) return true;', to: '' }],
    tests: [SHARING],
  },
  {
    name: 'sharedTerm',
    of: 'E',
    what: 'the first work to settle ends the term for all',
    changes: [
      {
        file: 'election/term.ts',
        from: "if (!this.#isNeeded()) await this.standDown('nobody works",
        to: "if (!this.isHooked) await this.standDown('nobody works",
      },
    ],
    tests: [SHARING],
  },
  {
    name: 'askedStandsDown',
    of: 'E',
    what: 'a request to stand down is not passed on',
    changes: [{ file: 'liveness/beat.ts', from: "if (result === 'asked') this.#onAsked(lease);", to: '' }],
    tests: [HAND_OVER],
  },
  {
    name: 'asksAtOnce',
    of: 'E',
    what: 'a leader does not subscribe, and hears of a request with its next beat only',
    changes: [{ file: 'election/candidacy.ts', from: 'session.push.ensure().catch(() => {});', to: '' }],
    tests: [HAND_OVER],
  },
  {
    name: 'abortedTerm',
    of: 'E lead()',
    what: 'a term that was won as its caller gave up is kept',
    changes: [
      {
        file: 'election/candidacy.ts',
        from: 'await this.#term?.standDownIfUnused();\n          throw',
        to: 'throw',
      },
      { file: 'election/candidacy.ts', from: 'await late?.standDownIfUnused();', to: 'void late;' },
    ],
    tests: [LEAD],
  },
  {
    name: 'campaignLeaves',
    of: 'E lead()',
    what: 'the last to give up waiting stays in the queue',
    changes: [{ file: 'election/candidacy.ts', from: '    campaign.end.abort();\n', to: '' }],
    tests: [LEAD],
  },
  {
    name: 'newCampaign',
    of: 'E lead()',
    what: 'who comes as the last gives up is given up too',
    changes: [
      {
        file: 'election/candidacy.ts',
        from: 'if (end.signal.aborted) return null;',
        to: '',
      },
      {
        file: 'election/candidacy.ts',
        from: '    if (this.#campaign === campaign) this.#campaign = null;\n    campaign.end.abort();',
        to: '    campaign.end.abort();',
      },
    ],
    tests: [LEAD],
  },
  {
    name: 'stopEndsAll',
    of: 'E stop()',
    what: 'a term that begins while its coordinator stops is served',
    changes: [
      {
        file: 'election/candidacy.ts',
        from: 'if (session.stopping.aborted) throw session.stopping.reason;\n    // Each',
        to: '// Each',
      },
    ],
    tests: [HAND_OVER],
  },
  {
    name: 'stopAwaitsWorks',
    of: 'E stop()',
    what: 'stop does not wait for the work of a term that was lost',
    changes: [{ file: 'election/elections.ts', from: 'await Promise.allSettled(this.#leading);', to: '' }],
    tests: [HAND_OVER],
  },
  {
    name: 'notForgotten',
    of: 'E',
    what: 'a candidacy is forgotten while it tries',
    changes: [
      {
        file: 'election/candidacy.ts',
        from: 'return this.#term === null && this.#calls === 0;',
        to: 'return this.#term === null;',
      },
    ],
    tests: [SHARING],
  },
  {
    name: 'oneGroupsTrouble',
    of: 'D (d)',
    what: 'a group that cannot be reached keeps the others from their election',
    changes: [
      {
        file: 'election/elections.ts',
        from: 'await Promise.allSettled([...this.#hooks.groups()].map((group) => this.#tryOnce(group)));',
        to: "[];\n    for (const group of this.#hooks.groups())\n      tries.push({ status: 'fulfilled', value: await this.#tryOnce(group) });",
      },
    ],
    tests: [SHARING],
  },
  {
    name: 'lostBeforeNext',
    of: 'B18',
    what: 'the end of a term is told after the next has begun',
    changes: [
      {
        file: 'election/candidacy.ts',
        from: "this.#term?.lease.lost('the next term of this coordinator has begun');",
        to: '',
      },
    ],
    tests: [SHARING, PROPERTY],
  },
];
