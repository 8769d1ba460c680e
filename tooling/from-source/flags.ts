/**
 * Flags of Node with which a test starts a program from its sources, and the libraries of this repository with it. Such
 * a process is there in half the time that one with `tsx` needs, of which the tests start hundreds.
 */
export const FROM_SOURCE: readonly string[] = [
  '--import',
  new URL('./register.mjs', import.meta.url).href,
  '--conditions=@holdfast/source',
];
