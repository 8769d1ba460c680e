/** Prints one line of figures that a run has measured. */
export function reportLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
