import type { Mutant } from './mutant.js';

const ANNOUNCEMENTS = ['sim/scenarios/announcements'];
const QUERIES = ['sim/scenarios/queries'];

/** The rules that the executable model switches off, one by one; noticed by the test that plays the trace of each. */
export const MODEL_MUTANTS: readonly Mutant[] = [
  {
    name: 'probeFirst',
    of: '4c',
    what: 'an announced word is applied without a probe',
    changes: [
      {
        file: 'routing/routing.ts',
        from: 'if (ticket.strategy === this.#target) this.#confirm();\n      this.nominate(word, prober);',
        to: "this.move(word, 'probe');",
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'movesAtOnce',
    of: '4.6',
    what: 'a proved word is applied only when no query runs',
    changes: [
      {
        file: 'sessions/sessions.ts',
        from: 'board.routing.proved(ticket, word);',
        to: 'if (board.pins.size === 0) board.routing.proved(ticket, word);',
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'neverNull',
    of: '4.10',
    what: 'a 456 clears the target: calls without a header',
    changes: [{ file: 'routing/routing.ts', from: 'this.#isRefused = true;', to: 'this.#target = null;' }],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'prepareByTarget',
    of: '4.2',
    what: 'a repeated prepare goes where its last attempt went',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: 'this.#hold(run, place.strategy);\n    return this.#route(run);',
        to: 'this.#hold(run, place.strategy);\n    await this.#route(run);\n    return place;',
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'sessionPerColour',
    of: '4.3',
    what: 'one session for both deployments',
    changes: [
      {
        file: 'sessions/sessions.ts',
        from: 'side.session = session;',
        to: 'this.#sides.blue.session = this.#sides.green.session = session;',
      },
    ],
    by: [...QUERIES, ...ANNOUNCEMENTS],
  },
  {
    name: 'executeOnce',
    of: '4b',
    what: 'an execute is repeated after it was sent',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "const EXECUTE: Row = { onMismatch: 'reprepare', onDenied: 'renew', onLost: 'fail'",
        to: "const EXECUTE: Row = { onMismatch: 'reprepare', onDenied: 'renew', onLost: 'retry'",
      },
    ],
    by: QUERIES,
  },
  {
    name: 'batchOnce',
    of: '4b',
    what: 'a batch is asked for again after it was sent',
    changes: [{ file: 'engine/rpcs.ts', from: "{ ...METADATA, onLost: 'fail' }", to: 'METADATA' }],
    by: QUERIES,
  },
  {
    name: 'sendOrder',
    of: '4c',
    what: 'the word that arrives last wins, not the one that was asked for last',
    changes: [
      {
        file: 'routing/routing.ts',
        from: '} else if (ticket.words === this.#words) {\n      this.#close();',
        to: '} else if (ticket) {\n      this.#close();',
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'leaseClears',
    of: '4.12',
    what: 'a query is cleared on the active deployment',
    changes: [
      {
        file: 'cursor/end-query.ts',
        from: 'await engine.leased(RPCS.clearOrCancel, lease, {',
        to: 'await engine.routed(RPCS.clearOrCancel, {',
      },
    ],
    by: QUERIES,
  },
  {
    name: 'leaseReads',
    of: '4b',
    what: 'a read that gets 456 goes to the other deployment',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "const METADATA: Row = { onMismatch: 'gone'",
        to: "const METADATA: Row = { onMismatch: 'reroute'",
      },
    ],
    by: QUERIES,
  },
  {
    name: 'probeWord',
    of: '4c',
    what: 'a probe succeeds although its own reply names the other deployment',
    changes: [
      {
        file: 'sessions/sessions.ts',
        from: 'board.routing.heard(ticket, word, this);\n        board.routing.proved(ticket, word);',
        to: 'board.routing.proved(ticket, null);\n        board.routing.heard(ticket, word, this);',
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'probeAfter',
    of: '4c',
    what: 'an authentication that was sent before the word is its probe',
    changes: [{ file: 'routing/routing.ts', from: ' && candidate.proof === ticket.proof', to: '' }],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'retryIfNamed',
    of: '4c',
    what: 'a refused candidate is probed for ever',
    changes: [
      {
        file: 'routing/routing.ts',
        from: "why === 'mismatch' && ticket.words !== this.#words",
        to: "why === 'mismatch'",
      },
    ],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'singleFlight',
    of: '4.18',
    what: 'every query authenticates by itself',
    changes: [{ file: 'sessions/sessions.ts', from: 'side.flight ??= ', to: 'side.flight = ' }],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'backoff',
    of: '4c',
    what: 'a refused candidate is probed again at once',
    changes: [{ file: 'sessions/sessions.ts', from: 'await sleep(clock, wait, signal);', to: 'break;' }],
    by: ANNOUNCEMENTS,
  },
  {
    name: 'passwordEnds',
    of: '4b',
    what: 'a wrong password is tried again',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: "if (opening.kind === 'refused' || opening.kind === 'failed') throw opening.error;\n    if (opening.kind === 'mismatch') this.#hold",
        to: "if (opening.kind === 'failed') throw opening.error;\n    if (opening.kind === 'mismatch') this.#hold",
      },
    ],
    by: QUERIES,
  },
  {
    name: 'notFoundGone',
    of: '4b',
    what: 'NOT_FOUND is read as the end of the rows',
    changes: [
      {
        file: 'cursor/query-run.ts',
        from: "this.#restartOrFail(lease, 'getNextResultBatch', outcome);",
        to: "if (outcome.cause.code === 5) return [];\n      this.#restartOrFail(lease, 'getNextResultBatch', outcome);",
      },
    ],
    by: QUERIES,
  },
  {
    name: 'reauth456',
    of: '4b',
    what: 'a 456 to a re-authentication sends a read to the other deployment',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: "return this.#mismatched(run, place, { kind: 'mismatch', error: opening.error });",
        to: 'return this.#route(run);',
      },
    ],
    by: QUERIES,
  },
  {
    name: 'casFails',
    of: '4c',
    what: 'a store is written over whatever it says',
    changes: [
      {
        file: 'manager/store-link.ts',
        from: "compareAndSet(this.#version ?? '', state)",
        to: 'compareAndSet((await this.#store.read()).version, state)',
      },
    ],
    by: ['sim/scenarios/two-processes', 'manager/store-link'],
  },
];
