import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One file for each source, so that it holds no more than there are sources. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/from-source/', import.meta.url));
/** To be raised with the settings below: what was compiled by others is compiled again. */
const SETTINGS = 1;

export async function compiled(file) {
  const source = readFileSync(file, 'utf8');
  const mark = `// ${digest(`${SETTINGS} ${source}`)}\n`;
  const kept = `${CACHE}${digest(file)}.js`;
  const known = textOf(kept);
  if (known.endsWith(mark)) return known;
  const { code, map } = await compile(file, source);
  // For --enable-source-maps, which reads a path but no URL.
  const text = `${code}\n//# sourceMappingURL=${pathToFileURL(kept).pathname}.map\n${mark}`;
  mkdirSync(CACHE, { recursive: true });
  replace(`${kept}.map`, JSON.stringify({ ...map, sources: [pathToFileURL(file).href] }));
  replace(kept, text);
  return text;
}

/** The compilers are loaded only for what has changed since the last process. */
async function compile(file, source) {
  const { transformWithOxc } = await import('vite');
  const { code, map } = await transformWithOxc(source, file, {
    target: 'es2022',
    typescript: { onlyRemoveTypeImports: true },
    sourcemap: true,
  });
  // `using` takes helpers, which Oxc imports and no member has. TypeScript, a hundred times slower, writes them down.
  if (!code.includes('@oxc-project/runtime')) return { code, map };
  const { default: typescript } = await import('typescript');
  const { outputText, sourceMapText } = typescript.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      module: typescript.ModuleKind.ESNext,
      target: typescript.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
      sourceMap: true,
    },
  });
  return {
    code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ''),
    map: JSON.parse(sourceMapText),
  };
}

/** Processes that start at the same time write the same; none reads half of it. */
function replace(file, text) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function digest(text) {
  return createHash('sha1').update(text).digest('hex');
}
