import { printable } from './printable.js';

/** Longest cell in characters; a node's words may be of any length. */
const CELL_LENGTH = 400;

/**
 * Lines of a table with a heading, columns padded to their widest cell; numbers stand to the right. Cells are made
 * printable. No lines without rows.
 */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const texts = [heading, ...rows.map((row) => row.map((cell) => printable(String(cell), CELL_LENGTH)))];
  const widths = heading.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const numeric = heading.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  return texts.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
