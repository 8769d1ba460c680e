import { format } from 'node:util';

export { expect } from 'vitest';

/** Just enough of a test runner for copies of the tests: one after the other, up to the first that fails. */
type Body = (...given: never[]) => unknown;
interface Scope {
  readonly name: string;
  readonly outer: Scope | null;
  readonly before: (() => unknown)[];
  readonly after: (() => unknown)[];
}
const first: (() => unknown)[] = [];
const last: (() => unknown)[] = [];
interface Test {
  readonly title: string;
  readonly scope: Scope;
  readonly body: () => unknown;
}

const tests: Test[] = [];
let scope: Scope = { name: '', outer: null, before: [], after: [] };

export const describe: { (name: string, body: () => void): void; each: Each } = Object.assign(
  (name: string, body: () => void): void => {
    const outer = scope;
    scope = { name, outer, before: [], after: [] };
    body();
    scope = outer;
  },
  { each: eachOf((title, body) => describe(title, () => void body())) },
);

export const it: { (title: string, body: () => unknown): void; each: Each } = Object.assign(
  (title: string, body: () => unknown): void => void tests.push({ title, scope, body }),
  { each: eachOf((title, body) => it(title, body)) },
);
export const test: typeof it = it;
export const beforeEach = (body: () => unknown): void => void scope.before.push(body);
/** Of a file; here they are of all. */
export const beforeAll = (body: () => unknown): void => void first.push(body);
export const afterAll = (body: () => unknown): void => void last.unshift(body);
/** Within a test: what it opens and has to close, the last first. */
let endings: (() => unknown)[] = [];
export const onTestFinished = (body: () => unknown): void => void endings.unshift(body);
export const afterEach = (body: () => unknown): void => void scope.after.unshift(body);

type Each = (cases: readonly unknown[]) => (title: string, body: Body) => void;
function eachOf(add: (title: string, body: () => unknown) => void): Each {
  return (cases) => (title, body) => {
    for (const one of cases) {
      const given = Array.isArray(one) ? one : [one];
      add(format(title, ...given), () => Reflect.apply(body, undefined, given));
    }
  };
}

/** What failed first, or null. `trying` hears the title of each test that begins. */
export async function runAll(trying: (title: string) => void): Promise<Failure | null> {
  try {
    for (const hook of first) await hook();
    return await runInTurn(trying);
  } finally {
    for (const hook of last) await hook();
  }
}

/** A test and its error. */
interface Failure {
  readonly title: string;
  readonly text: string;
}

async function runInTurn(trying: (title: string) => void): Promise<Failure | null> {
  for (const { title, scope: of, body } of tests.splice(0)) {
    const scopes: Scope[] = [];
    for (let one: Scope | null = of; one; one = one.outer) scopes.unshift(one);
    const full = [...scopes.map(({ name }) => name), title].filter((part) => part !== '').join(' > ');
    trying(full);
    try {
      endings = [];
      for (const { before } of scopes) for (const hook of before) await hook();
      await body();
      for (const { after } of [...scopes].reverse()) for (const hook of after) await hook();
      for (const ending of endings) await ending();
    } catch (error) {
      return { title: full, text: error instanceof Error ? error.message : String(error) };
    }
  }
  return null;
}
