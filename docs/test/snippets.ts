import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The TypeScript blocks of a README, in order. */
export async function snippetsOf(readme: string): Promise<string[]> {
  const text = await readFile(join(repository, readme), 'utf8');
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code ?? '');
}
