import { fileURLToPath } from 'node:url';

/** The built programs, by absolute path. */
export const PROGRAMS = Object.freeze({
  'cluster-sim': built('cluster-sim'),
  'engine-mock': built('engine-mock'),
  job: built('job-cli'),
});

function built(app: string): string {
  return fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
}
