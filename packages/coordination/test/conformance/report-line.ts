/** Prints one line of a run's result. */
export function reportLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
