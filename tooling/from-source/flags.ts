/** Flags of Node with which a process runs TypeScript. It is there in half the time that one with `tsx` needs. */
export const COMPILED: readonly string[] = ['--import', new URL('./register.mjs', import.meta.url).href];

/**
 * Flags of Node with which a test starts a program from its sources, and the libraries of this repository with it; the tests
 * start hundreds.
 */
export const FROM_SOURCE: readonly string[] = [...COMPILED, '--conditions=@holdfast/source'];
