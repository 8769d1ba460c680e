import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED, FROM_SOURCE } from '../../../tooling/from-source/flags.js';

/** The repository's root. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));

/** How a program of the repository is started. */
export interface Entry {
  /** Arguments for node. */
  readonly args: readonly string[];
  /** For notes: `apps/job-cli/dist/main.js`. */
  readonly shown: string;
}

/**
 * The entry of an app: its build, as users run it, where that is newer than every source it was made of; else its
 * sources. A stale build would measure yesterday's code.
 *
 * @param uses folders of the members that it runs with, such as `packages/reliable-connector`.
 */
export async function appEntry(app: string, uses: readonly string[] = []): Promise<Entry> {
  const members = [`apps/${app}`, ...uses];
  const fresh = await Promise.all(members.map(isBuilt));
  if (fresh.every(Boolean)) {
    const shown = `apps/${app}/dist/main.js`;
    return { args: [join(ROOT, shown)], shown };
  }
  const shown = `apps/${app}/src/main.ts`;
  return { args: [...FROM_SOURCE, join(ROOT, shown)], shown };
}

/**
 * Arguments for node that run TypeScript of the benchmark on members as users get them: their builds, where those are
 * newer than every source of them, else their sources.
 *
 * @param member folder, such as `packages/coordination`; it is the one that is shown.
 * @param uses folders of further members that are run with it.
 */
export async function onMember(member: string, uses: readonly string[] = []): Promise<Entry> {
  const fresh = await Promise.all([member, ...uses].map(isBuilt));
  if (fresh.every(Boolean)) return { args: COMPILED, shown: `${member}/dist` };
  return { args: FROM_SOURCE, shown: `${member}/src (not built, or older than its sources: pnpm build)` };
}

/** Whether the build of a member, by its folder, is newer than every source of it. */
export async function isBuilt(member: string): Promise<boolean> {
  const built = await stat(join(ROOT, member, 'dist/index.js')).catch(() => null);
  if (built === null) return false;
  const folder = join(ROOT, member, 'src');
  const files = await readdir(folder, { recursive: true });
  const changed = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).mtimeMs));
  return changed.every((at) => at <= built.mtimeMs);
}
