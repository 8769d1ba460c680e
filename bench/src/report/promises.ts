/** Something that was promised of a figure, wherever it is measured. */
export interface Promised {
  readonly workload: string;
  readonly what: string;
  /** Measurements that show whether it holds. */
  readonly ids: RegExp;
}

const promised = (workload: string, what: string, ids: RegExp): Promised => ({ workload, what, ids });

/** Every bar that a run of all workloads has to show; one that it does not show is told of. */
export const PROMISES: readonly Promised[] = [
  promised('cluster', 'requests/s by bare Fastify ≥ 0.2', /^cluster\.extensions-(on|off)\.ratio$/),
  promised('cluster', '≥ 8,000 requests/s on two cores', /^cluster\.extensions-(on|off)\.requests$/),
  promised('reliable', 'create, 1 caller: p50 ≤ 1.25 × floor', /^reliable\.1x1\.p50$/),
  promised('reliable', 'creates/s, 1 × 64 ≥ 0.55 × bare', /^reliable\.1x64\.sagas$/),
  promised('reliable', 'creates/s, 4 × 64 ≥ 0.70 × bare', /^reliable\.4x64\.sagas$/),
  promised('reliable', 'creates/s, 4 × 16 ≥ 0.55 × bare', /^reliable\.4x16\.sagas$/),
  promised('reliable', '4 processes: p99 ≤ 3 × bare', /^reliable\.4x\d+\.p99$/),
  promised('reliable', '4 processes: loop delay ≤ max(30, bare + 20) ms', /^reliable\.4x\d+\.loop-delay$/),
  promised('reliable', '4 processes: slowest ≥ 0.7 × fastest', /^reliable\.4x\d+\.fairness$/),
  promised(
    'reliable',
    'holdfast: nothing divergent, nothing untrue',
    /^reliable\.nodes-.*\.holdfast\.(divergent|untrue)$/,
  ),
  promised('cli', '100 creates ≤ 5, 20, 60 s', /^cli\.create\./),
  promised('cli', '100 deletes ≤ 5, 20, 60 s', /^cli\.delete\./),
  promised('memory', 'heap and journal flat over 10^6 sagas', /^memory\.(heap|file)$/),
  promised('coordination', 'acquire + release ≤ 1.10 × floor', /^coordination\.pairs-1\.holdfast$/),
  promised('coordination', 'not slower than peers', /^coordination\.pairs-1\.holdfast-to-red/),
  promised('coordination', '64 callers ≥ 0.8 × floor', /^coordination\.pairs-64\.holdfast$/),
  promised('coordination', 'join + leave ≥ 3 × tooz', /^coordination\.join-leave\.holdfast-to-tooz$/),
  promised('coordination', 'members of 100 ≤ 1.5 × one EVALSHA', /^coordination\.members-100\.holdfast$/),
  promised('coordination', 'members of 10,000: one call', /^coordination\.members-10000\.calls$/),
  promised('coordination', 'members: time linear', /^coordination\.members\.growth$/),
  promised('coordination', '1,000 locks: ≤ 10 ms, 1 call', /^coordination\.heartbeat-1000\.(time|calls)$/),
  promised('coordination', '10^5 cycles: back to start', /^coordination\.cycles\./),
  promised('coordination', 'hand-over, Redis: ≤ 5 and 25 ms', /^coordination\.redis\.(standDown|request)\./),
  promised('coordination', 'hand-over, SQLite: p99 ≤ 60 ms', /^coordination\.sqlite\.\w+\.p99$/),
  promised('coordination', 'leader killed: ≤ lease + 250 ms', /^coordination\.(redis|sqlite)\.kill\./),
  promised('coordination', 'SQLite ≥ 5,000 pairs/s', /^coordination\.sqlite\.pairs-/),
  promised('coordination', '4 processes: fair, nothing lost', /^coordination\.sqlite\.crowd-4\./),
  promised('strategy', 'own cost ≤ 2 µs per call', /^strategy\.own-cost\./),
  promised('strategy', 'query ≤ 1.02 × bare + A/A', /^strategy\.query-\d+\.time$/),
  promised('strategy', 'no extra call', /^strategy\.query\.calls$/),
  promised('strategy', 'LONG ≥ 10^7/s', /^strategy\.wire\.LONG\.decode$/),
  promised('strategy', 'two columns ≥ 2 × 10^6 rows/s', /^strategy\.wire\.LONG\+STRING\.decode$/),
  promised('strategy', 'two batches while iterating 10^6 rows', /^strategy\.iterate\.held$/),
  promised('strategy', '10^6 queries, 1 % abandoned: heap flat', /^strategy\.churn\.in-process\.heap$/),
  promised('strategy', 'switches: none failed, none doubled', /^strategy\.switch-\d+\.(failed|doubled)$/),
  promised('stack', 'leader killed: ≤ lease + 1 s', /^stack\.(sqlite|redis)\.killed$/),
  promised('stack', 'hand-over < 1 s', /^stack\.(sqlite|redis)\.stopped$/),
  promised('stack', 'idle: ≤ 500 MB', /^stack\.idle(-\d+)?\.pss$/),
  promised('stack', 'idle: ≤ 10 % of one core', /^stack\.idle(-\d+)?\.cpu$/),
];
