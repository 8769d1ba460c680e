/** A vector type that SQLite can feed. */
export type FedType =
  | 'LONG'
  | 'INTEGER'
  | 'DOUBLE'
  | 'FLOAT'
  | 'BOOLEAN'
  | 'STRING'
  | 'BINARY'
  | 'DATE'
  | 'DATETIME'
  | 'TIMESTAMP_TZ'
  | 'DECIMAL128'
  | 'ARRAY'
  | 'MAP'
  | 'STRUCT';

/** What a column's declaration says. */
export interface DeclaredType {
  readonly type: FedType;
  /** Digits after the point of a DECIMAL. */
  readonly scale: number;
  /** Zone of a TIMESTAMP_TZ: `Z`, an offset or an IANA name; empty where each value has its own. */
  readonly zone: string;
}

/** Names in declarations, before any parentheses or quotes. */
const TYPES: Readonly<Record<string, FedType>> = {
  BIGINT: 'LONG',
  LONG: 'LONG',
  INT8: 'LONG',
  INTEGER: 'INTEGER',
  INT: 'INTEGER',
  SMALLINT: 'INTEGER',
  TINYINT: 'INTEGER',
  DOUBLE: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  REAL: 'DOUBLE',
  FLOAT: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  TEXT: 'STRING',
  VARCHAR: 'STRING',
  CHAR: 'STRING',
  BLOB: 'BINARY',
  BINARY: 'BINARY',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'DATETIME',
  TIMESTAMP_TZ: 'TIMESTAMP_TZ',
  DECIMAL: 'DECIMAL128',
  NUMERIC: 'DECIMAL128',
  ARRAY: 'ARRAY',
  MAP: 'MAP',
  STRUCT: 'STRUCT',
};

/** `DECIMAL(12,2)`, `TIMESTAMP_TZ 'Europe/Berlin'`, `VARCHAR(80)`. */
const DECLARATION = /^\s*(\w+(?: \w+)?)\s*(?:\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)|'([^']*)')?\s*$/;

/** Reads a column's declaration; undefined where it says nothing that is known. */
export function readDeclaration(text: string | null): DeclaredType | undefined {
  const [, name = '', scale = '0', zone = ''] = DECLARATION.exec(text ?? '') ?? [];
  const type = TYPES[name.toUpperCase()];
  return type === undefined ? undefined : { type, scale: Number(scale), zone };
}
