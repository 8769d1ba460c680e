import type { Column, Row } from '@holdfast/strategy-client';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { csvCell, csvText, jsonCell, textCell } from './cells.js';

/** Prints the rows of a result as they come. */
export interface RowPrinter {
  row(row: Row): void;
  /** After the last row. */
  end(): void;
}

/** Rows that decide how wide a table's columns are; later ones may stick out. */
const MEASURED_ROWS = 200;
/** Longest cell of a table in characters. */
const CELL_LENGTH = 200;
/** Types whose values stand to the right. */
const NUMERIC = /^(?:LONG|INTEGER|INT|SHORT|BYTE|DOUBLE|FLOAT|DECIMAL|NUMERIC)/i;

/** One JSON object per row, by the columns' names; a name that comes again gets a number. */
export function jsonPrinter(columns: readonly Column[], output: Output): RowPrinter {
  const names = uniqueNames(columns);
  return {
    row: (row) => output.object(Object.fromEntries(names.map((name, at) => [name, jsonCell(row[at])]))),
    end: () => undefined,
  };
}

/** CSV with a heading (RFC 4180). */
export function csvPrinter(columns: readonly Column[], output: Output): RowPrinter {
  output.raw(`${columns.map(({ name }) => csvText(name)).join(',')}\r\n`);
  return {
    row: (row) => output.raw(`${columns.map((_, at) => csvCell(row[at])).join(',')}\r\n`),
    end: () => undefined,
  };
}

/** A table; the first rows are kept back until it is known how wide its columns are. */
export function tablePrinter(columns: readonly Column[], output: Output): RowPrinter {
  const heading = columns.map(({ name }) => printable(name, CELL_LENGTH));
  const right = columns.map(({ type }) => NUMERIC.test(type));
  const kept: string[][] = [];
  let widths: readonly number[] | null = null;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (right[at] ? cell.padStart(widths?.[at] ?? 0) : cell.padEnd(widths?.[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const begin = (): void => {
    widths = heading.map((name, at) => Math.max(name.length, ...kept.map((cells) => cells[at]?.length ?? 0)));
    output.text(line(heading), ...kept.splice(0).map(line));
  };
  return {
    row: (row) => {
      const cells = columns.map((_, at) => printable(textCell(row[at]), CELL_LENGTH));
      if (widths !== null) return output.text(line(cells));
      kept.push(cells);
      if (kept.length === MEASURED_ROWS) begin();
    },
    end: () => {
      if (widths === null) begin();
    },
  };
}

function uniqueNames(columns: readonly Column[]): readonly string[] {
  const seen = new Set<string>();
  return columns.map(({ name }, at) => {
    let unique = name === '' ? `column_${at + 1}` : name;
    for (let again = 2; seen.has(unique); again++) unique = `${name}_${again}`;
    seen.add(unique);
    return unique;
  });
}
