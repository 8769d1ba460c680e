import type { Column } from './types.js';

const CHARACTERS_SHOWN = 60;

/** The name of a column for an error message: quoted, and not longer than a line. */
export function columnName(column: Column): string {
  const { name } = column;
  return JSON.stringify(name.length > CHARACTERS_SHOWN ? `${name.slice(0, CHARACTERS_SHOWN)}…` : name);
}
