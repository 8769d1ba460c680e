/** Prints one line of figures: for those who read the log of a run. */
export function reportLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
