/** What the workload measures at the sizes of its test, in the order of its table. */
export const STACK_IDS: readonly string[] = [
  ...['idle', 'idle-2'].flatMap((id) => ['pss', 'cpu'].map((what) => `${id}.${what}`)),
  ...['killed', 'stopped'].map((what) => `sqlite.${what}`),
  ...[1, 3].flatMap((ids) => [`sqlite.want-${ids}`, `sqlite.unwant-${ids}`, `sqlite.want-${ids}.cpu`]),
].map((id) => `stack.${id}`);
