import { readFile } from 'node:fs/promises';
import { MUTATIONS } from './mutations.mjs';

let changes = [];

/** Node calls this once, with what was registered. */
export function initialize({ mutation }) {
  changes = MUTATIONS[mutation];
  if (changes === undefined) throw new Error(`there is no mutation "${mutation}"`);
}

/** Changes a module as it is loaded. A text that is not there exactly once means that the code has moved on. */
export async function load(url, context, nextLoad) {
  const change = changes.find(({ module }) => new URL(url).pathname.endsWith(`/${module}`));
  if (change === undefined) return nextLoad(url, context);
  const source = await readFile(new URL(url), 'utf8');
  const count = source.split(change.find).length - 1;
  if (count !== 1)
    throw new Error(`${change.module} has the text of its mutation ${count} times: ${change.find}`);
  return { format: 'module', source: source.replace(change.find, () => change.replace), shortCircuit: true };
}
