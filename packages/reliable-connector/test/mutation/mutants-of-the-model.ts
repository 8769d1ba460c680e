import type { Profile } from '../sim/profile.js';
import type { Mutant } from './mutant.js';

const CALM = { crashes: 0, stops: 0, outsider: false, leadership: false } as const;

const THREE = ['node01', 'node02', 'node03'];
/** Leaders who do not notice that another one follows, and whose sagas it aborts. */
export const RIVALS = {
  ...CALM,
  nodes: THREE,
  extensions: Object.fromEntries(THREE.map((node) => [node, ['fence']])),
  leadership: true,
  successions: 6,
  processes: 1,
  faultRate: 0.6,
  deadlineMs: 6_000,
  maxForwardAgeMs: 1,
} satisfies Partial<Profile>;

/** The rules that the executable model switches off, one by one. */
export const MODEL_MUTANTS: readonly Mutant[] = [
  {
    name: 'tombstoneOnHit',
    of: '4.7',
    what: 'a node writes a tombstone only when the DELETE misses',
    changes: [
      {
        file: 'test/sim/nodes/sim-node.ts',
        from: "if (token !== null && this.extensions.has('tombstone'))",
        to: "if (token !== null && this.records.get(groupId) !== token && this.extensions.has('tombstone'))",
      },
    ],
  },
  {
    name: 'hotPerToken',
    of: '4.3',
    what: 'the HOT list has room for one token per group and node',
    changes: [
      {
        file: 'src/journal/memory/memory-store.ts',
        from: 'others.filter((other) => other !== same), { ...entry, until }];',
        to: 'others.filter((other) => other.step !== entry.step), { ...entry, until }];',
      },
    ],
    world: {
      ...CALM,
      groups: ['a'],
      faultRate: 0.3,
      faultWeights: { late: 1 },
      maxServerLagMs: 6_000,
      spanMs: 6_000,
    },
  },
  {
    name: 'undoEverUnknown',
    of: '4.4',
    what: 'a node whose last answer was FOREIGN is not undone, whatever came before',
    changes: [
      {
        file: 'src/saga/undo-step.ts',
        from: "(step.verdict?.label === 'applied' || step.everUnknown)",
        to: "(step.verdict?.label === 'applied' || (step.verdict === null && step.everUnknown))",
      },
    ],
  },
  {
    name: 'probeStrict',
    of: '4.4',
    what: 'a probe is trusted after an attempt without an answer',
    changes: [
      {
        file: 'src/groups/place.ts',
        from: "  await step.untilDefinite(question);\n  return 'start over';",
        to: "  const second = await step.untilDefinite(question);\n  return second.class === 'no' ? verdict('exists', second.status) : 'start over';",
      },
    ],
  },
  {
    name: 'shapeCheck',
    of: '4.2',
    what: 'an error counts as finished whatever its shape',
    changes: [
      {
        file: 'src/nodes/classify.ts',
        from: 'const finished = message !== null &&',
        to: 'const finished = true ||',
      },
    ],
  },
  {
    name: 'ask412',
    of: '4.7',
    what: '412 is taken for a refusal',
    changes: [
      {
        file: 'src/nodes/classify.ts',
        from: "const FENCED: Answer = Object.freeze({ class: 'fenced', status: 412 });",
        to: "const FENCED: Answer = Object.freeze({ class: 'refused', status: 412, message: 'Stale fence.' });",
      },
    ],
    world: { leadership: true },
  },
  {
    name: 'lockStays',
    of: '4.3',
    what: 'the lock row of a group expires after two seconds',
    changes: [
      {
        file: 'src/journal/memory/memory-session.ts',
        from: "if (holder !== null) return { kind: 'busy', holder };",
        to: "if (holder !== null && this.#o.clock.now() - holder.createdAt < 2_000) return { kind: 'busy', holder };",
      },
    ],
  },
  {
    name: 'freshRestore',
    of: '4.5, flaw 9',
    what: 'a restore puts the record back under the token that its deletes name',
    changes: [
      {
        file: 'src/groups/restore.ts',
        from: 'await place(step, calls, groupId, ownToken(saga));',
        to: 'await place(step, calls, groupId, saga.prior ?? ownToken(saga));',
      },
    ],
  },
  {
    name: 'resultUnknown',
    of: '4.2',
    what: 'a RESULT does not tell that earlier attempts had no answer',
    changes: [
      {
        file: 'src/saga/step-run.ts',
        from: '      everUnknown: this.everUnknown,\n      alive: this.mayBeAlive,',
        to: '      everUnknown: false,\n      alive: false,',
      },
    ],
    world: {
      outsider: false,
      crashes: 8,
      extensions: {},
      faultRate: 0.5,
      faultWeights: { late: 1, 'request lost': 0.5 },
      maxServerLagMs: 6_000,
      maxForwardAgeMs: 1,
      recoverEveryMs: 1_000,
    },
  },
  {
    name: 'probeDurable',
    of: '4.4',
    what: 'a probe is sent before PROBE is durable',
    changes: [
      {
        file: 'src/groups/place.ts',
        from: "    await run.write({ type: 'probe', step: step.name, token });",
        to: "    void run.write({ type: 'probe', step: step.name, token });",
      },
    ],
  },
  {
    name: 'hotSparesLive',
    of: '4.3',
    what: 'an idle HOT entry is paid by deleting the committed record',
    changes: [
      {
        file: 'src/groups/hot-keeper.ts',
        from: '    if ((await session.catalogEntry(key))?.token === token) return;\n',
        to: '',
      },
      {
        file: 'src/journal/memory/memory-store.ts',
        from: 'return !idle || until > monotonicMs',
        to: 'return idle || !idle || until > monotonicMs',
      },
    ],
  },
  {
    name: 'hotKeptByDelete',
    of: '4.3',
    what: 'an idle HOT entry lapses while its token is being deleted',
    changes: [
      {
        file: 'src/journal/memory/memory-store.ts',
        from: '      if (this.holder(key) !== null) continue;\n',
        to: '',
      },
    ],
    world: {
      ...CALM,
      groups: ['a'],
      faultRate: 0.5,
      faultWeights: { late: 1, 'reply lost': 1 },
      recoverEveryMs: 1_000,
    },
  },
  {
    name: 'precheckHot',
    of: '4.4',
    what: 'a record found by the first GET counts in spite of HOT entries',
    changes: [
      {
        file: 'src/groups/create-saga.ts',
        from: "if (answer.class !== 'yes' || suspectsOf(step, step.run.saga.token).length > 0) return null;",
        to: "if (answer.class !== 'yes') return null;",
      },
    ],
    world: {
      ...CALM,
      groups: ['a'],
      extensions: {},
      faultRate: 0.3,
      faultWeights: { late: 1 },
      spanMs: 8_000,
    },
  },
  {
    name: 'hotUntilOver',
    of: '4.4',
    what: 'a 400 counts after one round over the HOT tokens',
    changes: [
      {
        file: 'src/groups/hot-rule.ts',
        from: '  #rounds = 0;\n',
        to: '  #rounds = 0;\n  get used() { return this.#rounds > 0; }\n',
      },
      {
        file: 'src/groups/place.ts',
        from: 'const suspects = suspectsOf(step, token);',
        to: 'const suspects = rounds.used ? [] : suspectsOf(step, token);',
      },
    ],
    world: {
      ...CALM,
      groups: ['a'],
      extensions: {},
      maxServerLagMs: 3_000,
      attemptTimeoutMs: 300,
      deadlineMs: 6_000,
      faultRate: 0.4,
      faultWeights: { late: 1 },
      spanMs: 10_000,
    },
    seeds: 600,
  },
  {
    name: 'conflictWaitsHot',
    of: '4.5',
    what: 'a delete calls a record foreign in spite of HOT entries',
    changes: [
      {
        file: 'src/groups/delete-saga.ts',
        from: 'if (!explained) return',
        to: 'if (!explained || hot.length > 0) return',
      },
    ],
    world: {
      ...CALM,
      groups: ['a'],
      extensions: {},
      wayMs: [50, 150],
      commitMs: [0.2, 2],
      maxServerLagMs: 2_000,
      attemptTimeoutMs: 800,
      deadlineMs: 4_000,
      faultRate: 0.5,
      faultWeights: { late: 1, 'own error after the write': 1 },
      spanMs: 16_000,
    },
    seeds: 400,
  },
  {
    name: 'burntAborts',
    of: '4.4',
    what: 'a 410 after an own probe only waits',
    changes: [
      {
        file: 'src/groups/place.ts',
        from: "    if (answer.class === 'burnt') return end(verdict('burnt', answer.status));",
        to: "    if (answer.class === 'burnt') {\n      await step.backOff(attempt, null);\n      continue;\n    }",
      },
    ],
  },
  {
    name: 'adoptRaisesFence',
    of: '4.6',
    what: 'a saga is taken from its live owner without raising the fence',
    changes: [
      {
        file: 'src/saga/engine.ts',
        from: 'supersede ? definition.takeOver?.bind(definition) : undefined;',
        to: 'supersede && !definition.takeOver ? undefined : undefined;',
      },
      {
        file: 'src/journal/memory/memory-session.ts',
        from: 'fence: store.fence.fence + 1n',
        to: 'fence: store.fence.fence',
      },
    ],
    world: RIVALS,
    seeds: 400,
  },
];
