// Fails when files import each other in a circle. Type-only imports vanish on emit and do not count.
import madge from 'madge';

const roots = ['packages', 'apps', 'bench', 'e2e', 'tooling'];
const graph = await madge(roots, {
  baseDir: '.',
  fileExtensions: ['ts'],
  excludeRegExp: [/node_modules/, /\/dist\//],
  tsConfig: 'tsconfig.json',
  detectiveOptions: { ts: { skipTypeImports: true } },
});
const files = Object.keys(graph.obj());
const cycles = graph.circular();
for (const cycle of cycles) process.stdout.write(`cycle: ${cycle.join(' -> ')}\n`);
process.stdout.write(`${files.length} files, ${cycles.length} import cycles\n`);
if (cycles.length > 0 || files.length === 0) process.exitCode = 1;
