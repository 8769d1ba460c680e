/** Peers that not every machine has, each with an id of its own that says so. */
export const MAY_BE_ABSENT: RegExp = /tooz|etcd/;

const CONTENDED = ['holdfast', 'redlock', 'redis-semaphore'];
const KINDS = ['standDown', 'request'];
const QUANTILES = ['p50', 'p90', 'p99', 'max'];

/** What the workload measures at the sizes of its test, in the order of its table, but for `MAY_BE_ABSENT`. */
export const COORDINATION_IDS: readonly string[] = [
  'pairs-1.holdfast',
  'pairs-1.redlock',
  'pairs-1.redis-semaphore',
  'pairs-1.holdfast-to-redlock',
  'pairs-1.holdfast-to-redis-semaphore',
  'pairs-1.mean',
  'pairs-1.cpu',
  'pairs-4.holdfast',
  'pairs-4.redlock',
  'pairs-4.redis-semaphore',
  'pairs-4.cpu',
  'pairs-4.p99',
  ...CONTENDED.flatMap((who) =>
    ['grant', 'commands', 'fairness'].map((what) => `contended-3.${who}.${what}`),
  ),
  'contended-3.holdfast-to-redlock',
  'contended-3.holdfast-to-redis-semaphore',
  'join-leave.holdfast',
  'join-leave.cpu',
  'members-2.holdfast',
  'members-2.cpu',
  'members-2.calls',
  'members-5.holdfast',
  'members-5.cpu',
  'members-5.calls',
  'members.growth',
  'heartbeat-3.time',
  'heartbeat-3.calls',
  ...['floor', 'holdfast'].flatMap((who) => QUANTILES.map((what) => `watch.${who}.${what}`)),
  'watch.holdfast-to-floor',
  ...KINDS.flatMap((kind) => QUANTILES.map((what) => `redis.${kind}.${what}`)),
  ...['p50', 'p90', 'fail-over'].map((what) => `redis.kill.${what}`),
  'cycles.heap',
  'cycles.timers',
  'cycles.listeners',
  'cycles.keys',
  'sqlite.pairs-2',
  'sqlite.crowd-2.grants',
  'sqlite.crowd-2.fairness',
  'sqlite.crowd-2.kept',
  ...KINDS.flatMap((kind) => QUANTILES.map((what) => `sqlite.${kind}.${what}`)),
].map((id) => `coordination.${id}`);
