const TYPES = [
  'BINARY',
  'BOOLEAN',
  'DOUBLE',
  'FLOAT',
  'INT96',
  'INTEGER',
  'LONG',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'STRUCT',
  'MAP',
  'ARRAY',
  'NULL',
  'TIMESTAMP_TZ',
  'DECIMAL128',
  'LONG+STRING',
];

const CHURN = ['heap', 'pinned', 'rate'];
const SWITCH = ['rate', 'p99', 'first-new', 'failed', 'doubled', 'authentications'];

/** What the workload measures at the sizes of its test, in the order of its table. */
export const STRATEGY_IDS: readonly string[] = [
  ...['transport', 'channel'].flatMap((fake) => [`own-cost.${fake}.routed`, `own-cost.${fake}.leased`]),
  ...['query-1', 'query-4'].flatMap((query) => ['time', 'a-a', 'cpu'].map((what) => `${query}.${what}`)),
  'query.calls',
  ...[1, 100].flatMap((rows) => [`result-${rows}.rate`, `result-${rows}.cpu`]),
  ...TYPES.flatMap((type) => {
    const floor = type.startsWith('LONG') ? ['floor'] : [];
    return ['decode', ...floor, 'encode'].map((what) => `wire.${type}.${what}`);
  }),
  ...['held', 'rss', 'rows'].map((what) => `iterate.${what}`),
  ...['in-process', 'engine'].flatMap((where) => CHURN.map((what) => `churn.${where}.${what}`)),
  ...[1, 100].flatMap((rows) => SWITCH.map((what) => `switch-${rows}.${what}`)),
].map((id) => `strategy.${id}`);
