/** The vector types; the index is the number on the wire. */
export const VECTOR_TYPES = [
  'BINARY',
  'BOOLEAN',
  'DOUBLE',
  'FLOAT',
  'INT96',
  'INTEGER',
  'LONG',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'STRUCT',
  'MAP',
  'ARRAY',
  'NULL',
  'TIMESTAMP_TZ',
  'DECIMAL128',
] as const;

/** How the values of one column of a batch are laid out. */
export type VectorType = (typeof VECTOR_TYPES)[number];

/** Names of column types that are carried by the vector of another name. */
const CARRIED_BY: ReadonlyMap<string, VectorType> = new Map([
  ['INT', 'INTEGER'],
  ['SHORT', 'INTEGER'],
  ['BYTE', 'INTEGER'],
  ['CHAR', 'STRING'],
]);

const BY_NAME: ReadonlyMap<string, VectorType> = new Map(VECTOR_TYPES.map((type) => [type, type]));

/** The vector that carries columns of this type, or `undefined` for a name that the engine does not use. */
export function vectorTypeOf(columnType: string): VectorType | undefined {
  return BY_NAME.get(columnType) ?? CARRIED_BY.get(columnType);
}
