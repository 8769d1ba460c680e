import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled } from './compiled.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the programs that tests start import most of. */
const FOLDERS = [
  ...['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((member) => join(folder, member, 'src')),
  ),
  'e2e/src',
  'tooling',
];

/** Before the first file of a run: processes that start at the same time need not all compile the same sources. */
export async function setup(): Promise<void> {
  for (const folder of FOLDERS)
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }))
      if (/(?<!\.d)\.ts$/.test(file)) await compiled(join(ROOT, folder, file));
}
