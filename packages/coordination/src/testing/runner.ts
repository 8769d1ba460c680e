/**
 * The part of a test runner that the suite needs. `describe`, `it` and `afterAll` of vitest and jest fit as they are; for
 * node:test and mocha give their `after` as `afterAll`. Tests run one after the other, in the order given.
 */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(title: string, body: () => Promise<void>): unknown;
  afterAll(body: () => Promise<void>): unknown;
}
