// Checks what would be published: publint, attw, and that `exports` and the built files agree.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = readdirSync('packages').map((name) => join('packages', name));
const bin = (name) => join(process.cwd(), 'node_modules', '.bin', name);
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
const problems = [];

for (const folder of packages) {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const [path, target] of Object.entries(exports)) {
    const files = typeof target === 'string' ? [target] : Object.values(target);
    for (const file of files)
      if (!existsSync(join(folder, file)))
        problems.push(`${name}: exports["${path}"] names ${file}, which does not exist`);
    if (typeof target !== 'string') {
      if (Object.keys(target).join() !== '@holdfast/source,types,default')
        problems.push(
          `${name}: exports["${path}"] must have @holdfast/source, types and default, in this order`,
        );
      await import(join(process.cwd(), folder, target.default));
    }
  }
  const out = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
  try {
    run(bin('publint'), ['--strict', '--pack', 'npm', folder], '.');
    run('npm', ['pack', '--silent', '--pack-destination', out], folder);
    const [tarball] = readdirSync(out);
    run(bin('attw'), [join(out, tarball), '--profile', 'esm-only'], '.');
  } catch (error) {
    problems.push(`${name}: ${error.stdout?.toString() ?? error.message}`);
  } finally {
    rmSync(out, { recursive: true });
  }
  process.stdout.write(`${name}: checked\n`);
}
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${packages.length} packages, ${problems.length} problems\n`);
if (problems.length > 0) process.exitCode = 1;
