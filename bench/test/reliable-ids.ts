const CREATORS = ['floor', 'holdfast', 'p-retry', 'origin'];
const SPEED = ['rate', 'p50', 'p99', 'cpu'];
const WRONGS = ['divergent', 'untrue'];

/** What the workload measures at the sizes of its test, in the order of its table. */
export const RELIABLE_IDS: readonly string[] = [
  ...['p50', 'p99'].map((what) => `1x1.${what}`),
  ...['sagas', 'p99', 'loop-delay', 'fairness', 'cpu', 'server-cpu'].map((what) => `2x2.${what}`),
  ...CREATORS.flatMap((who) =>
    [...SPEED, ...(who === 'holdfast' ? WRONGS : [])].map(
      (what) => `nodes-3.callers-2.fault-0.delay-0.${who}.${what}`,
    ),
  ),
  ...CREATORS.flatMap((who) =>
    [...SPEED, 'success', ...WRONGS].map(
      (what) => `nodes-2.callers-2.fault-0.1.lost-0.1.delay-1.${who}.${what}`,
    ),
  ),
].map((id) => `reliable.${id}`);
