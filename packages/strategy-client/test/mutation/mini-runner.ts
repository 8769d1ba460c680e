import { format } from 'node:util';

export { expect } from 'vitest';

/** Just enough of a test runner for copies of the tests: one after the other, up to the first that fails. */
type Body = (...given: never[]) => unknown;
type Each = (cases: readonly unknown[]) => (title: string, body: Body) => void;

interface Test {
  readonly title: string;
  readonly body: () => unknown;
}

const tests: Test[] = [];
const first: (() => unknown)[] = [];
const last: (() => unknown)[] = [];
let path: string[] = [];

const add = (title: string, body: () => unknown): void =>
  void tests.push({ title: [...path, title].join(' > '), body });

export function describe(name: string, body: () => void): void {
  path = [...path, name];
  body();
  path = path.slice(0, -1);
}

export const it: { (title: string, body: () => unknown): void; each: Each } = Object.assign(add, {
  each: (cases: readonly unknown[]) => (title: string, body: Body) => {
    for (const one of cases) {
      const given = Array.isArray(one) ? one : [one];
      add(format(title, ...given), () => Reflect.apply(body, undefined, given));
    }
  },
});
/** Of a file; here they are of all. */
export const beforeAll = (body: () => unknown): void => void first.push(body);
export const afterAll = (body: () => unknown): void => void last.unshift(body);

/** What failed first, or null. `trying` hears the title of each test that begins. */
export async function runAll(
  trying: (title: string) => void,
): Promise<{ readonly title: string; readonly text: string } | null> {
  try {
    for (const hook of first) await hook();
    for (const { title, body } of tests.splice(0)) {
      trying(title);
      try {
        await body();
      } catch (error) {
        return { title, text: error instanceof Error ? error.message : String(error) };
      }
    }
    return null;
  } finally {
    for (const hook of last.splice(0)) await hook();
    tests.length = first.length = 0;
  }
}
