import type { Mutant } from './mutant.js';

const WAITING = 'locks/waiting';

/** Rules of how those who wait come to know that it is their turn. */
export const WAITING_MUTANTS: readonly Mutant[] = [
  {
    name: 'headPolls',
    of: '5.12',
    what: 'no head polling',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'this.#waiter.retryWithin(Math.min(retryAfterMs ?? lockTtlMs, this.#waiter.atMostMs));',
        to: 'void retryAfterMs;',
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'pollsInTime',
    of: '5.12',
    what: 'the head polls when its own lease would end, not when that before it does',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'Math.min(retryAfterMs ?? lockTtlMs, this.#waiter.atMostMs)',
        to: 'lockTtlMs',
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'beatTellsHead',
    of: '5.12',
    what: 'a waiter that became the head is not told',
    changes: [
      {
        file: 'locks/waiters.ts',
        from: "if (!waiter || place.place === 'queued') return;",
        to: "if (!waiter || place.place !== 'gone') return;",
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'beatTellsGone',
    of: '5.12',
    what: 'a waiter that is no longer in the queue is not told',
    changes: [
      {
        file: 'locks/waiters.ts',
        from: "if (!waiter || place.place === 'queued') return;",
        to: "if (!waiter || place.place !== 'head') return;",
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'noHerd',
    of: 'B14',
    what: 'every waiter tries again with each beat',
    changes: [
      {
        file: 'locks/waiters.ts',
        from: "    if (!waiter || place.place === 'queued') return;\n    waiter.retryWithin(place.place === 'gone' ? 0 : place.retryAfterMs);",
        to: "    if (!waiter) return;\n    waiter.retryWithin(place.place === 'head' ? place.retryAfterMs : 0);",
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'keepsPlace',
    of: '5.12',
    what: 'a waiter without a heart does not keep its place',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'isBeating() ? lockTtlMs : lockTtlMs / 3',
        to: 'isBeating() ? lockTtlMs : 2 * lockTtlMs',
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'keepsPlaceTold',
    of: '5.12',
    what: 'a waiter without a heart that is told to wait for long loses its place',
    changes: [{ file: 'locks/waiter.ts', from: 'Math.min(afterMs, this.atMostMs)', to: 'afterMs' }],
    tests: [WAITING],
  },
  {
    name: 'outageBorne',
    of: 'B10',
    what: 'a waiter ends with the first error',
    changes: [
      { file: 'locks/acquisition.ts', from: 'error.retryable && this.#heardAt !== null', to: 'false' },
    ],
    tests: [WAITING],
  },
  {
    name: 'outageBounded',
    of: 'D 9',
    what: 'a waiter bears an outage without end',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: '|| sentAt - (this.#heardAt ?? 0) > session.options.lockTtlMs',
        to: '',
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'looksOnceMore',
    of: 'D 11',
    what: 'a hint that came before the subscription stood is missed',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: '() => this.#waiter.retryWithin(0),',
        to: '() => {},',
      },
    ],
    tests: [WAITING],
  },
  {
    name: 'subscribesOnce',
    of: 'D 22',
    what: 'each waiter has its own subscription',
    changes: [
      { file: 'push.ts', from: 'return this.#standing ?? this.#listen();', to: 'return this.#listen();' },
      {
        file: 'locks/acquisition.ts',
        from: 'if (!session.push.stands) {',
        to: 'if (this.#heardAt !== null) {',
      },
    ],
    tests: [WAITING],
  },
];
