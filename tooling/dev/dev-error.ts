/** Something that a person has to change before the stack can run; its message names it and the remedy. */
export class DevError extends Error {
  override readonly name = 'DevError';
}
