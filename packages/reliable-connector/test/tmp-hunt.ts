import { MODEL_MUTANTS } from './mutation/mutants-of-the-model.js';
import { ORIGIN_MUTANTS } from './mutation/mutants-of-the-origin.js';
import { runSeed } from './sim/run-seed.js';
import { Trace } from './sim/world/trace.js';
const [, , name, a, b] = process.argv;
const mutant = [...MODEL_MUTANTS, ...ORIGIN_MUTANTS].find((m) => m.name === name);
let n = 0;
for (let seed = Number(a); seed <= Number(b); seed++) {
  const trace = new Trace('lines');
  const { violations } = await runSeed(seed, trace, mutant!.world as never);
  if (violations.length) { n++; console.log(seed, violations.map((v) => `${v.invariant} ${(v.at/1000).toFixed(3)} ${v.text}`).slice(0, 3).join('\n    ')); if (a === b) for (const l of trace.lines) console.log(l); }
}
console.log(name, n, 'seeds violated');
