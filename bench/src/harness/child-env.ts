/** Settings of the person who runs the benchmark must not become settings of what is measured. */
const FOREIGN =
  /^(CLUSTER_|HOLDFAST_|RANDOM_BEHAVIOR|ENGINE_|COORDINATION_|NODE_OPTIONS|NODE_V8_COVERAGE|VITEST)/;

/** The environment of every child process. */
export function childEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', NO_COLOR: '1' };
}
