import type { Extension } from '../../src/nodes/answer.js';
import { FAULT_KINDS, type FaultKind } from './network/fate.js';
import { Prng } from './world/prng.js';

/**
 * The world that one seed lives in. Each seed has its own odd mixture: uniform dice would make all worlds alike and
 * leave the rare ones unvisited.
 */
export interface Profile {
  readonly seed: number;
  readonly nodes: readonly string[];
  readonly extensions: Readonly<Record<string, readonly Extension[]>>;
  /** Nodes gain and lose extensions while they run. */
  readonly extensionsChange: boolean;
  readonly groups: readonly string[];
  readonly operations: number;
  /** Ms over which the operations are spread. */
  readonly spanMs: number;
  readonly processes: number;
  /** Some coordinators are leaders, one after the other. */
  readonly leadership: boolean;
  /** How often another leader follows, whether the last one has noticed or not. */
  readonly successions: number;
  readonly crashes: number;
  readonly stops: number;
  /** A client without this journal creates and deletes some of the groups. */
  readonly outsider: boolean;
  readonly maxServerLagMs: number;
  readonly ownErrorsAreFinal: boolean;
  readonly proxyMayResend: boolean;
  readonly sequential: boolean;
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly parkAfterMs: number;
  readonly recoverEveryMs: number;
  readonly maxForwardAgeMs: number;
  readonly wayMs: readonly [number, number];
  readonly commitMs: readonly [number, number];
  /** In one process the commit of this number fails; null: none. */
  readonly failsAtCommit: number | null;
  readonly faultRate: number;
  readonly faultWeights: Readonly<Partial<Record<FaultKind, number>>>;
  /** Shares of what users ask for. */
  readonly load: LoadWeights;
}

/** What users do, by weight. */
export interface LoadWeights {
  readonly create: number;
  readonly delete: number;
  readonly forward: number;
  readonly restore: number;
  readonly force: number;
  readonly idempotent: number;
  readonly cancel: number;
  readonly inspect: number;
}

const NONE: readonly Extension[] = [];
const ALL: readonly Extension[] = ['timestamp', 'tombstone', 'fence', 'list'];
/** Faults that need an option, or a judge who knows. */
const ADMITTED: readonly FaultKind[] = ['duplicate', 'own error, then the write', 'beyond Q'];

/** Everything about a seed's world, drawn before it begins. */
export function drawProfile(seed: number): Profile {
  const profile = drawAny(seed);
  const dice = new Prng(seed, 'theme');
  const theme = dice.weighted({ any: 14, restoring: 2, outsider: 3, rivals: 1, late: 2 });
  return { ...profile, ...THEMES[theme](profile, dice) };
}

type Theme = 'any' | 'restoring' | 'outsider' | 'rivals' | 'late';

/** Worlds that dice alone would seldom make, each the home of some rule. */
const THEMES: Readonly<Record<Theme, (profile: Profile, dice: Prng) => Partial<Profile>>> = {
  any: () => ({}),
  restoring,
  outsider: ({ load }) => ({ outsider: true, load: { ...load, restore: 0.7, force: 0.05 } }),
  rivals,
  late: (_, dice) => ({
    groups: ['a'],
    extensions: {},
    outsider: false,
    maxServerLagMs: dice.int(200, 2_000),
    attemptTimeoutMs: 800,
    deadlineMs: 4_000,
    wayMs: dice.pick([
      [1, 10],
      [5, 60],
      [50, 150],
    ] as const),
    faultRate: dice.between(0.2, 0.5),
    faultWeights: { late: 1, 'own error after the write': dice.next(), 'reply lost': dice.next() },
  }),
};

/** Leaders who do not notice that another one follows, and whose sagas it may abort. */
function rivals({ nodes }: Profile, dice: Prng): Partial<Profile> {
  return {
    extensions: Object.fromEntries(nodes.map((node) => [node, ['fence']])),
    outsider: false,
    leadership: true,
    successions: 6,
    processes: 1,
    crashes: 0,
    stops: 0,
    faultRate: 0.6,
    deadlineMs: 6_000,
    maxForwardAgeMs: dice.pick([1, 86_400_000]),
  };
}

/** Restores under a tombstone but without `timestamp`: the only way to burn a fresh token (4.5 step 4). */
function restoring({ nodes, load, groups }: Profile, dice: Prng): Partial<Profile> {
  return {
    extensions: Object.fromEntries(nodes.map((node) => [node, dice.chance(0.8) ? ['tombstone'] : NONE])),
    groups: groups.slice(0, 2),
    deadlineMs: dice.int(50, 400),
    faultRate: dice.between(0.2, 0.5),
    faultWeights: { 'own error after the write': 1, 'reply lost': dice.next(), late: dice.next() },
    load: { ...load, restore: 1, force: 0, forward: 1 },
  };
}

function drawAny(seed: number): Profile {
  const dice = new Prng(seed, 'profile');
  const nodes = Array.from({ length: dice.int(3, dice.pick([3, 3, 4, 5])) }, (_, i) => `node0${i + 1}`);
  const leadership = dice.chance(0.25);
  const proxyMayResend = dice.chance(0.06);
  const ownErrorsAreFinal = !dice.chance(0.06);
  const commitMs = dice.pick([
    [0.2, 2],
    [0.2, 2],
    [1, 20],
    [5, 200],
  ] as const);
  const wayMs = dice.pick([
    [0.5, 3],
    [1, 10],
    [5, 60],
  ] as const);
  const attemptTimeoutMs = dice.int(200, 800); // more than any way there and back
  const maxServerLagMs = dice.chance(0.2) ? dice.int(100, 400) : dice.int(attemptTimeoutMs, 6_000);
  return {
    seed,
    nodes,
    extensions: drawExtensions(dice, nodes, leadership),
    extensionsChange: dice.chance(0.08),
    groups: ['a', 'b', 'c d', 'é', '7', 'x'].slice(0, dice.int(2, 6)),
    operations: dice.int(30, 36),
    spanMs: dice.int(6_000, 40_000),
    processes: dice.int(2, 4),
    leadership,
    successions: leadership ? dice.int(1, 2) : 0,
    crashes: dice.int(1, 4),
    stops: dice.pick([0, 0, 1, 2]),
    outsider: dice.chance(0.05),
    maxServerLagMs,
    ownErrorsAreFinal,
    proxyMayResend,
    sequential: dice.chance(0.1),
    deadlineMs: dice.int(400, 4_000),
    attemptTimeoutMs,
    parkAfterMs: dice.pick([2_000, 10_000, 600_000]),
    recoverEveryMs: dice.pick([0, 1_000, 5_000]),
    maxForwardAgeMs: dice.chance(0.1) ? 500 : 86_400_000,
    wayMs,
    commitMs,
    failsAtCommit: dice.chance(0.05) ? dice.int(5, 60) : null,
    faultRate: dice.pick([0, 0.05, 0.1, 0.2, 0.2, 0.35, 0.5, 0.7]),
    faultWeights: drawWeights(dice, {
      duplicate: proxyMayResend,
      'own error, then the write': !ownErrorsAreFinal,
      'beyond Q': dice.chance(0.03),
    }),
    load: {
      create: 1,
      delete: dice.between(0.5, 1),
      forward: dice.between(0, 0.5),
      restore: dice.pick([0, 0.3, 0.7]),
      force: dice.pick([0, 0, 0.1]),
      idempotent: dice.pick([0, 0.1, 0.4]),
      cancel: dice.pick([0, 0.1]),
      inspect: dice.pick([0, 0.05, 0.15]),
    },
  };
}

function drawExtensions(
  dice: Prng,
  nodes: readonly string[],
  leadership: boolean,
): Record<string, readonly Extension[]> {
  const some = (): Extension[] => ALL.filter(() => dice.chance(0.5));
  const style = dice.weighted({ none: 4, all: leadership ? 6 : 2, alike: 3, mixed: 3 });
  const alike = some();
  const of = { none: () => NONE, all: () => ALL, alike: () => alike, mixed: some };
  return Object.fromEntries(nodes.map((node) => [node, of[style]()]));
}

/** Some kinds are left out, some are much more likely than others. */
function drawWeights(
  dice: Prng,
  admitted: Readonly<Partial<Record<FaultKind, boolean>>>,
): Partial<Record<FaultKind, number>> {
  const allowed = FAULT_KINDS.filter((kind) => !ADMITTED.includes(kind) || admitted[kind] === true);
  const weights: Partial<Record<FaultKind, number>> = {};
  for (const kind of allowed)
    if (ADMITTED.includes(kind) || dice.chance(0.6)) weights[kind] = dice.between(0.1, 1) ** 2;
  if (Object.keys(weights).length === 0) weights.late = 1;
  if (weights['beyond Q'] !== undefined) weights['beyond Q'] = 0.05;
  return weights;
}

/** Beyond Q nothing is promised but that `verify` finds it. */
export function breaksQ(profile: Profile): boolean {
  return profile.faultRate > 0 && profile.faultWeights['beyond Q'] !== undefined;
}
