/** Thrown through forward work to end it: the deadline, a cancel, or another step's verdict. Never leaves the engine. */
export class Halted extends Error {
  constructor() {
    super('forward work was stopped');
  }
}
