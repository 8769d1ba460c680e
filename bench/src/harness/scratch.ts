import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for databases, journals and logs of one run; gone when disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly path: string;
  /** A new empty folder within. */
  folder(name: string): Promise<string>;
}

/** `parent`: where it is made; its file system is the one that durable writes are measured on. Default: the system's. */
export async function makeScratch(parent: string = tmpdir()): Promise<Scratch> {
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, 'holdfast-bench-'));
  let made = 0;
  return {
    path,
    async folder(name) {
      made += 1;
      const folder = join(path, `${made}-${name}`);
      await mkdir(folder);
      return folder;
    },
    // A process that was just ended may still be leaving its folder.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
