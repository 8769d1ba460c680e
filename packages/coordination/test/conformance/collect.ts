import { type ConformanceTarget, conformance } from '../../src/testing/index.js';

/** The tests of the suite by title, declared but not run, and what ends the backend. */
export interface Collected {
  readonly tests: ReadonlyMap<string, () => Promise<void>>;
  close(): Promise<void>;
}

/** Declares the suite to a runner that only writes down what it is given. */
export function collect(target: ConformanceTarget): Collected {
  const tests = new Map<string, () => Promise<void>>();
  const endings: (() => Promise<void>)[] = [];
  conformance(
    {
      describe: (_, body) => body(),
      it: (title, body) => {
        if (tests.has(title)) throw new Error(`two tests are called "${title}"`);
        tests.set(title, body);
      },
      afterAll: (body) => endings.push(body),
    },
    target,
  );
  return {
    tests,
    close: async () => {
      for (const ending of endings) await ending();
    },
  };
}
