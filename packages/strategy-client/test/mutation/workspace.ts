import { link, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Change } from './mutant.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
/** What a hunt needs of the package. */
const FOLDERS = [
  'src',
  'test/engine',
  'test/sim',
  'test/manager',
  'test/routing',
  'test/sessions',
  'test/recovery',
  'test/support',
  'test/mutation',
];

/** What nothing in these folders uses. */
const NOT_NEEDED = /^(?:with-strategy|pool|stores.(?:redis|worker-threads))/;

/** A temporary folder with the package and the tests of its core as plain JavaScript, and one more copy for each mutant. */
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
        if (!file.endsWith('.ts') || NOT_NEEDED.test(file)) continue;
        const path = join(folder, file);
        await emit(join(healthy, path), await readFile(join(PACKAGE, path), 'utf8'));
      }
    await writeFile(join(healthy, 'package.json'), '{ "type": "module" }');
    await provide(join(workspace.#root, 'node_modules'));
    return workspace;
  }

  copyOf(name: string): string {
    return join(this.#root, name);
  }

  /** A copy with the changes. Throws when a text does not occur exactly once. */
  async mutate(name: string, changes: readonly Change[]): Promise<string> {
    const copy = this.copyOf(name);
    await twin(this.copyOf('healthy'), copy);
    for (const file of new Set(changes.map((change) => change.file))) {
      let text = await readFile(join(PACKAGE, 'src', file), 'utf8');
      for (const { from, to } of changes.filter((change) => change.file === file))
        text = replaceOnce(text, from, to, file);
      const target = join(copy, 'src', file);
      await rm(target.replace(/\.ts$/, '.js'));
      await emit(target, text);
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

/** The libraries of the package; in place of vitest, `mini-runner`, which is there in a tenth of a second. */
async function provide(modules: string): Promise<void> {
  const installed = join(PACKAGE, 'node_modules');
  const grpc = '@grpc/grpc-js';
  await mkdir(join(modules, dirname(grpc)), { recursive: true });
  await symlink(await realpath(join(installed, grpc)), join(modules, grpc));
  const vitest = join(modules, 'vitest');
  await mkdir(vitest);
  await writeFile(join(vitest, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  const runner = await readFile(join(PACKAGE, 'test/mutation/mini-runner.ts'), 'utf8');
  const real = pathToFileURL(join(dirname(require.resolve('vitest/package.json')), 'dist/index.js')).href;
  await emit(join(vitest, 'index.ts'), runner.replace("from 'vitest'", `from '${real}'`));
}

/** The same folder again, whose files take no space until they are replaced. */
async function twin(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await twin(source, target);
    else await link(source, target);
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
