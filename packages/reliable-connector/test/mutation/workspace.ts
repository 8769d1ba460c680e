import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Change } from './mutant.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
/** What a hunt needs of the package. */
const FOLDERS = ['src', 'test/sim', 'test/mutation'];

/** A temporary folder with the package as plain JavaScript, and one more copy for each mutant. */
export class Workspace {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async create(): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'holdfast-mutants-')));
    const healthy = workspace.copyOf('healthy');
    for (const folder of FOLDERS)
      for (const file of await readdir(join(PACKAGE, folder), { recursive: true })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
        const path = join(folder, file);
        await emit(join(healthy, path), await readFile(join(PACKAGE, path), 'utf8'));
      }
    await writeFile(join(healthy, 'package.json'), '{ "type": "module" }');
    await symlink(join(PACKAGE, 'node_modules'), join(healthy, 'node_modules'));
    return workspace;
  }

  copyOf(name: string): string {
    return join(this.#root, name);
  }

  /** A copy with the changes. Throws when a text does not occur exactly once. */
  async mutate(name: string, changes: readonly Change[]): Promise<string> {
    const copy = this.copyOf(name);
    await cp(this.copyOf('healthy'), copy, { recursive: true, verbatimSymlinks: true });
    for (const file of new Set(changes.map((change) => change.file))) {
      let text = await readFile(join(PACKAGE, file), 'utf8');
      for (const { from, to } of changes.filter((change) => change.file === file))
        text = replaceOnce(text, from, to, file);
      await emit(join(copy, file), text);
    }
    return copy;
  }

  async discard(name: string): Promise<void> {
    await rm(this.copyOf(name), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** Types are left out, nothing else changes. */
async function emit(target: string, source: string): Promise<void> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
    fileName: relative(PACKAGE, target),
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target.replace(/\.ts$/, '.js'), outputText);
}

function replaceOnce(text: string, from: string, to: string, file: string): string {
  const parts = text.split(from);
  const [before, after] = parts;
  if (parts.length === 2 && before !== undefined && after !== undefined) return before + to + after;
  throw new Error(
    `${file} has the text ${JSON.stringify(from)} ${parts.length - 1} times instead of once: the rule has moved, move the mutant with it`,
  );
}
