import type { Mutant } from './mutant.js';

const QUERIES = ['sim/scenarios/queries'];
const ERRORS = ['recovery/grpc-failure'];
const RESUME = ['engine/cluster-resume'];
const LOSSES = { faults: 2, kinds: ['before send', 'request lost', 'reply lost', 'late'] } as const;

/** Further rules of retry safety and of how a query lives and ends. */
export const QUERY_MUTANTS: readonly Mutant[] = [
  {
    name: 'executeOnceByChance',
    of: '4b',
    what: 'an execute is repeated after it was sent, to be found by chance',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "const EXECUTE: Row = { onMismatch: 'reprepare', onDenied: 'renew', onLost: 'fail'",
        to: "const EXECUTE: Row = { onMismatch: 'reprepare', onDenied: 'renew', onLost: 'retry'",
      },
    ],
    by: { bounds: LOSSES, seeds: 150 },
  },
  {
    name: 'idempotentOnly',
    of: '4b',
    what: 'every query starts anew, idempotent or not',
    changes: [
      {
        file: 'cursor/query-run.ts',
        from: 'if (this.#idempotent && this.#rowsDelivered === 0)',
        to: 'if (this.#rowsDelivered === 0)',
      },
    ],
    by: QUERIES,
  },
  {
    name: 'noRowTwice',
    of: '4b',
    what: 'an idempotent query starts anew after rows were delivered',
    changes: [
      {
        file: 'cursor/query-run.ts',
        from: 'if (this.#idempotent && this.#rowsDelivered === 0)',
        to: 'if (this.#idempotent)',
      },
    ],
    by: { bounds: { ...LOSSES, queries: [{ idempotent: true, rows: 3 }] }, seeds: 150 },
  },
  {
    name: 'renewOnce',
    of: '4b',
    what: 'a read renews its session as often as it is denied',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "onDenied: 'renew-once', onLost: 'retry', onNotFound: 'gone'",
        to: "onDenied: 'renew', onLost: 'retry', onNotFound: 'gone'",
      },
    ],
    by: QUERIES,
  },
  {
    name: 'executeReprepares',
    of: '4b',
    what: 'an execute that gets 456 ends the query',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "const EXECUTE: Row = { onMismatch: 'reprepare'",
        to: "const EXECUTE: Row = { onMismatch: 'reroute'",
      },
    ],
    by: { bounds: { script: ['announce', 'cutover', 'off'], shortDrain: true }, seeds: 150 },
  },
  {
    name: 'clearIsDone',
    of: '4b',
    what: 'a clear of a query that is gone fails',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "const END: Row = { onMismatch: 'done'",
        to: "const END: Row = { onMismatch: 'reroute'",
      },
    ],
    by: { bounds: { script: ['announce', 'cutover', 'off'], shortDrain: true }, seeds: 300 },
  },
  {
    name: 'clearRetries',
    of: '4b',
    what: 'a clear whose answer is lost is not repeated',
    changes: [
      {
        file: 'engine/rpcs.ts',
        from: "onLost: 'retry', onNotFound: 'done'",
        to: "onLost: 'fail', onNotFound: 'done'",
      },
    ],
    by: { bounds: LOSSES, seeds: 150 },
  },
  {
    name: 'clearsAtTheEnd',
    of: '4.7',
    what: 'a query that was read to its end stays on the engine',
    changes: [
      {
        file: 'cursor/query-run.ts',
        from: "if (this.#engine.options.autoClear) this.#end('clear');",
        to: '',
      },
    ],
    by: QUERIES,
  },
  {
    name: 'pinsEnd',
    of: '4.7',
    what: 'the pin of an ended query stays',
    changes: [{ file: 'cursor/query-run.ts', from: 'this.#engine.board.release(lease.queryId);', to: '' }],
    by: QUERIES,
  },
  {
    name: 'abortCancels',
    of: '4.7',
    what: 'a query whose user gave up stays on the engine',
    changes: [
      { file: 'cursor/query-run.ts', from: "this.#end(signal?.aborted ? 'cancel' : 'clear');", to: '' },
    ],
    by: { bounds: { queries: [{ idempotent: false, rows: 3, cancellable: true }], faults: 0 }, seeds: 100 },
  },
  {
    name: 'failureClears',
    of: '4.7',
    what: 'a query that fails as it starts stays on the engine',
    changes: [
      { file: 'cursor/query-run.ts', from: "run.#end(o.signal?.aborted ? 'cancel' : 'clear');", to: '' },
    ],
    by: QUERIES,
  },
  {
    name: 'restartClears',
    of: '4.7',
    what: 'a query that starts anew leaves its first run on the engine',
    changes: [
      {
        file: 'cursor/query-run.ts',
        from: "if (kind === 'lost') this.#engine.inBackground",
        to: 'if (false) this.#engine.inBackground',
      },
    ],
    by: QUERIES,
  },
  {
    name: 'heldWaits',
    of: '4c',
    what: 'a call that got 456 from the target does not wait for the probe',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: 'if (run.heldOn !== null) {',
        to: 'if (run.heldOn === undefined) {',
      },
    ],
    by: ['sim/scenarios/announcements'],
  },
  {
    name: 'attemptsEnd',
    of: '1.3',
    what: 'a call is repeated without end',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: '++run.failures < this.#o.maxAttempts',
        to: '++run.failures < Infinity',
      },
    ],
    by: ['recovery/attempts'],
  },
  {
    name: 'suspendedProves',
    of: '4b',
    what: 'a 503 of a cluster that is active proves that the call was not processed',
    changes: [
      {
        file: 'engine/cluster-resume.ts',
        from: "if (first !== 'suspended' && first !== 'resuming') return 'not-suspended';",
        to: '',
      },
    ],
    by: RESUME,
  },
  {
    name: 'resumesAgain',
    of: '1.4',
    what: 'a resume whose request was lost is not asked for again',
    changes: [
      { file: 'engine/cluster-resume.ts', from: "if (status === 'suspended') await this.#ask();", to: '' },
    ],
    by: RESUME,
  },
  {
    name: 'resumesOnce',
    of: '1.4',
    what: 'every call that meets a 503 resumes by itself',
    changes: [
      {
        file: 'engine/cluster-resume.ts',
        from: 'this.#flight ??= this.#run',
        to: 'this.#flight = this.#run',
      },
    ],
    by: RESUME,
  },
  {
    name: 'resumeEnds',
    of: '1.4',
    what: 'a cluster that does not wake is waited for without end',
    changes: [
      {
        file: 'engine/cluster-resume.ts',
        from: 'if (clock.monotonic() - began >= timeoutMs)',
        to: 'if (clock.monotonic() - began >= Infinity)',
      },
    ],
    by: RESUME,
  },
  {
    name: 'oneHook',
    of: '5',
    what: 'words are heard in replies to authenticate only',
    changes: [
      {
        file: 'recovery/recovery.ts',
        from: 'if (word !== undefined) routing.heard(ticket, word, sessions);',
        to: '',
      },
    ],
    by: ['manager/api-table-connection'],
  },
  {
    name: 'droppedIsSent',
    of: '4b',
    what: 'a dropped connection counts as not sent',
    changes: [
      {
        file: 'recovery/grpc-failure.ts',
        from: '|Stream refused)/',
        to: '|Stream refused|Connection dropped)/',
      },
    ],
    by: ERRORS,
  },
  {
    name: 'deadlineIsSent',
    of: '4b',
    what: 'a deadline counts as an answer',
    changes: [{ file: 'recovery/grpc-failure.ts', from: '  status.DEADLINE_EXCEEDED,\n', to: '' }],
    by: ERRORS,
  },
  {
    name: 'resetIsSent',
    of: '4b',
    what: 'a stream reset counts as an answer',
    changes: [{ file: 'recovery/grpc-failure.ts', from: 'Received RST_STREAM|', to: '' }],
    by: ERRORS,
  },
  {
    name: 'spelling456',
    of: '1.3',
    what: '456 is found as the origin looks for it only',
    changes: [
      {
        file: 'recovery/grpc-failure.ts',
        from: '(?:HTTP status code|status code|status:?|HTTP)',
        to: '(?:status:)',
      },
    ],
    by: ERRORS,
  },
  {
    name: 'text456',
    of: '1.3',
    what: '456 is found in any text',
    changes: [
      {
        file: 'recovery/grpc-failure.ts',
        from: "if (http === 456) return 'mismatch';",
        to: "if (details.includes('456')) return 'mismatch';",
      },
    ],
    by: ERRORS,
  },
];
