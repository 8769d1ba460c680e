import type { Mutant } from './mutant.js';
import { RIVALS } from './mutants-of-the-model.js';

/** What the origin gets wrong, and other rules that are as easy to lose. */
export const ORIGIN_MUTANTS: readonly Mutant[] = [
  {
    name: 'existsIsSuccess',
    of: 'flaws 1 and 3',
    what: 'a 400 "exists" counts as created',
    changes: [
      {
        file: 'src/groups/verdicts.ts',
        from: "new Set(['applied', 'removed', 'absent'])",
        to: "new Set(['applied', 'removed', 'absent', 'exists'])",
      },
    ],
  },
  {
    name: 'silenceIsFailure',
    of: 'flaws 4 and 13',
    what: 'a transport error counts as not sent',
    changes: [
      {
        file: 'src/nodes/classify.ts',
        from: "if (reply.kind === 'not_sent')",
        to: "if (reply.kind !== 'reply')",
      },
    ],
  },
  {
    name: 'undoNeverSettles',
    of: 'flaw 5',
    what: 'an undo is over with its first answer, although a POST may still be alive',
    changes: [{ file: 'src/saga/undo-step.ts', from: 'if (o.final?.(answer) || ', to: 'if (true || ' }],
  },
  {
    name: 'undoGivesUp',
    of: 'flaws 6 and 7',
    what: 'an undo gives up after eleven attempts',
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: '      await this.backOff(attempt, answer);\n    }\n  }',
        to: "      if (call.purpose === 'remove' && attempt > 11) return { class: 'no', status: 404 };\n      await this.backOff(attempt, answer);\n    }\n  }",
      },
    ],
    world: { faultRate: 0.7 },
  },
  {
    name: 'deleteStopsAtAbsent',
    of: 'flaw 8',
    what: 'a delete stops when one node lacks the record',
    changes: [
      {
        file: 'src/groups/delete-reading.ts',
        from: 'if (present.length === 0)',
        to: 'if (present.length < readings.length)',
      },
    ],
    world: { outsider: true },
  },
  {
    name: 'deleteAnyVersion',
    of: 'flaw 11',
    what: 'a delete sends no timestamp',
    changes: [
      {
        file: 'src/groups/delete-saga.ts',
        from: "calls.delete(step, groupId, t0, 'apply')",
        to: "calls.delete(step, groupId, null, 'apply')",
      },
    ],
  },
  {
    name: 'nothingRecovers',
    of: 'flaw 14',
    what: "a crashed process's sagas are left as they are",
    changes: [
      {
        file: 'src/saga/recovery.ts',
        from: 'for (let after = 0; !o.signal?.aborted; ) {',
        to: 'for (let after = 0; after < 0; ) {',
      },
    ],
  },
  {
    name: 'retryWithoutSleep',
    of: 'flaw 18',
    what: 'retries do not wait',
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: '    await this.run.fruitless(this);\n    await this.pause(waitMs);\n',
        to: '    await this.run.fruitless(this);\n    await this.pause(waitMs * 0);\n',
      },
    ],
  },
  {
    name: 'noTimeOut',
    of: 'flaw 19',
    what: 'an attempt may last for ever',
    changes: [
      {
        file: 'src/saga/saga-run.ts',
        from: 'timeoutMs: Math.min(retry.attemptTimeoutMs, left),',
        to: 'timeoutMs: 86_400_000,',
      },
      {
        file: 'src/saga/saga-run.ts',
        from: 'queueMs: Math.min(queueMs, left),\n      endsAt,\n',
        to: 'queueMs,\n',
      },
    ],
  },
  {
    name: 'foreignRestored',
    of: 'flaw 21',
    what: "a restore takes somebody else's record for its own",
    changes: [
      {
        file: 'src/groups/restore.ts',
        from: "(step) => step.verdict?.label === 'exists' || step.verdict?.label === 'refused'",
        to: "(step) => step.verdict?.label === 'refused'",
      },
    ],
    world: { outsider: true },
    seeds: 600,
  },
  {
    name: 'noLock',
    of: 'flaw 22',
    what: 'operations on one group do not exclude each other',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: "if (holder !== null) return { kind: 'busy', holder };",
        to: '',
      },
    ],
  },
  {
    name: 'clockToken',
    of: 'flaw 23',
    what: 'a token is the wall clock in milliseconds',
    changes: [
      {
        file: 'src/journal/memory/memory-store.ts',
        from: 'return tokenOf(this.#counter, this.slot);',
        to: 'return Math.floor(nowMs / 1_000);',
      },
    ],
  },
  {
    name: 'answerBeforeCommit',
    of: '4.3',
    what: 'the caller is answered before COMMIT is durable',
    changes: [
      {
        file: 'src/saga/saga-run.ts',
        from: "    await this.write({\n      type: 'end',",
        to: "    this.answer.resolve(outcome);\n    await this.write({\n      type: 'end',",
      },
    ],
  },
  {
    name: 'undoBeforeAbort',
    of: '4.3',
    what: 'the first undo is sent before ABORT is durable',
    changes: [
      {
        file: 'src/saga/saga-run.ts',
        from: "    await this.write({\n      type: 'abort',",
        to: "    this.saga = { ...this.saga, phase: 'aborting' };\n    void this.write({\n      type: 'abort',",
      },
    ],
  },
  {
    name: 'directionNotDurable',
    of: '4.4 step 6',
    what: 'the caller hears of a direction before it is durable',
    changes: [
      {
        file: 'src/saga/saga-run.ts',
        from: "    await this.write({ type: 'direct', direction: 'forward' });",
        to: "    this.answerInDoubt('forward');\n    await this.write({ type: 'direct', direction: 'forward' });",
      },
    ],
  },
  {
    name: 'majorityCommits',
    of: '4.4 step 4',
    what: 'a create commits although a node has not answered',
    changes: [
      {
        file: 'src/groups/create-saga.ts',
        from: 'if (run.steps.every((step) => step.verdict?.ok)) {',
        to: 'if (run.steps.filter((step) => step.verdict?.ok).length * 2 > run.steps.length) {',
      },
    ],
  },
  {
    name: 'epochIgnored',
    of: '4.6',
    what: 'neither a journal write nor a 412 asks who owns the saga',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: "if (saga?.epoch !== ref.epoch || (saga.owner !== this.owner.id && saga.phase !== 'ended')) return null;",
        to: 'if (saga === undefined) return null;',
      },
      {
        file: 'src/journal/memory/memory-session.ts',
        from: 'return this.#owned(ref) !== null;',
        to: 'return ref.id > 0;',
      },
    ],
    world: RIVALS,
    seeds: 400,
  },
  {
    name: 'liveOwnerAdopted',
    of: '4.6',
    what: 'a stopped process counts as dead',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: 'if (holder !== undefined && store.alive.has(holder.id)) {',
        to: 'if (holder === undefined) {',
      },
      {
        file: 'src/saga/recovery.ts',
        from: 'if (!open.ownerAlive || ',
        to: 'if (open.owner?.id !== engine.session.owner.id || ',
      },
    ],
    world: { stops: 2 },
  },
  {
    name: 'keyForgotten',
    of: 'S9',
    what: 'an idempotency key is not looked up',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: "if (known !== null) return { kind: 'known', saga: known };",
        to: '',
      },
      {
        file: 'src/saga/admission.ts',
        from: 'return saga ? this.#follow(saga, request, deadlineAt) : null;',
        to: 'return null;',
      },
    ],
  },
  {
    name: 'hotPaidEarly',
    of: '4.3',
    what: 'a dead HOT entry is paid by a DELETE before its time',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: '(entry.until > sentAt && !o.tombstone)',
        to: 'false',
      },
      {
        file: 'src/saga/hot-list.ts',
        from: '(o.tombstone || entry.until <= o.',
        to: '(true || entry.until <= o.',
      },
    ],
    world: { faultRate: 0.4, faultWeights: { late: 1, 'reply lost': 0.3 } },
  },
  {
    name: 'halfQ',
    of: '4.2',
    what: 'half of Q is waited',
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: '? sentAt + maxServerLagMs : 0',
        to: '? sentAt + maxServerLagMs / 2 : 0',
      },
    ],
  },
  {
    name: 'adopterTrusts',
    of: '4.6',
    what: "an adopter does not count the dead owner's calls as unknown",
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: 'this.everUnknown = result?.everUnknown ?? true;',
        to: 'this.everUnknown = result?.everUnknown ?? false;',
      },
    ],
  },
  {
    name: 'adopterReadsFirst',
    of: '4.6',
    what: "an adopter takes the record of its own saga for somebody else's",
    changes: [
      { file: 'src/groups/create-saga.ts', from: '!step.everUnknown && !calls.has', to: '!calls.has' },
    ],
  },
  {
    name: 'ownErrorsTrusted',
    of: '4.2',
    what: "a node's own error ends its handler, although the option says no",
    changes: [{ file: 'src/nodes/classify.ts', from: 'o.ownErrorsAreFinal && ', to: '' }],
    world: { ownErrorsAreFinal: false, faultRate: 0.3, faultWeights: { 'own error, then the write': 1 } },
  },
  {
    name: 'resendForgotten',
    of: '4.2',
    what: 'requests are taken to arrive once, although the option says no',
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: 'const { maxServerLagMs, proxyMayResend } = this.run.engine;',
        to: 'const { maxServerLagMs } = this.run.engine;\n    const proxyMayResend = false;',
      },
    ],
    world: { proxyMayResend: true, faultRate: 0.4, faultWeights: { duplicate: 1, 'reply lost': 0.2 } },
  },
];
