/** What the workload measures at the sizes of its test, in the order of its table. */
export const STACK_IDS: readonly string[] = [
  ...['idle', 'idle-2'].flatMap((id) => ['pss', 'cpu'].map((what) => `${id}.${what}`)),
  ...['killed', 'stopped'].map((what) => `sqlite.${what}`),
  ...['want-3', 'unwant-3', 'want-3.cpu'].map((what) => `sqlite.${what}`),
].map((id) => `stack.${id}`);
