import type { Column, Row, Value } from '@holdfast/strategy-client/wire';
import { type BuiltinTable, column, listed } from './builtin-table.js';

/** A column of each vector type with a value; INT96 can only be sent as null. */
const SAMPLES: readonly (readonly [Column, Value])[] = [
  [column('binary_value', 'BINARY'), Uint8Array.of(0x00, 0x7f, 0x80, 0xff)],
  [column('boolean_value', 'BOOLEAN'), true],
  [column('double_value', 'DOUBLE'), -0.1],
  [column('float_value', 'FLOAT'), 1.5],
  [column('int96_value', 'INT96'), null],
  [column('integer_value', 'INTEGER'), -2_147_483_648],
  [column('long_value', 'LONG'), 9_223_372_036_854_775_807n],
  [column('string_value', 'STRING'), 'naïve 日本 🚀'],
  [column('date_value', 'DATE'), '1969-12-31'],
  [column('datetime_value', 'DATETIME'), '1969-12-31T23:59:59.999999'],
  [column('timestamp_value', 'TIMESTAMP'), '2026-02-12T00:00:00.123456'],
  [column('struct_value', 'STRUCT'), '{"city":"Cork","zip":"T12"}'],
  [column('map_value', 'MAP'), '{"colour":"black"}'],
  [column('array_value', 'ARRAY'), '[1,2,3]'],
  [column('null_value', 'NULL'), null],
  [column('timestamp_tz_value', 'TIMESTAMP_TZ', '+05:30'), '2026-02-12T05:30:00.123456+05:30'],
  [column('decimal128_value', 'DECIMAL128'), '123.45'],
];

const COLUMNS = SAMPLES.map(([definition]) => definition);
const VALUES: Row = SAMPLES.map(([, value]) => value);
const NULLS: Row = VALUES.map(() => null);
const CONSTANT_ROWS = 1_000;

/** Every vector type, with a value and with null. */
const vectors: BuiltinTable = listed(COLUMNS, [VALUES, NULLS, VALUES]);

/** Nothing but nulls. */
const nulls: BuiltinTable = listed(COLUMNS, [NULLS, NULLS]);

/** 1,000 equal rows, sent as constant vectors. */
const constants: BuiltinTable = {
  columns: COLUMNS,
  rowCount: CONSTANT_ROWS,
  isConstant: true,
  row: () => VALUES,
};

/** Decimals up to 38 digits; each column has one scale. */
const decimals: BuiltinTable = listed(
  [
    column('what', 'STRING'),
    column('scale_0', 'DECIMAL128'),
    column('scale_2', 'DECIMAL128'),
    column('scale_38', 'DECIMAL128'),
  ],
  [
    ['largest', '9'.repeat(38), `${'9'.repeat(36)}.99`, `0.${'9'.repeat(38)}`],
    ['smallest', `-${'9'.repeat(38)}`, `-${'9'.repeat(36)}.99`, `-0.${'9'.repeat(38)}`],
    ['zero', '0', '0.00', `0.${'0'.repeat(38)}`],
    ['next to zero', '-1', '-0.01', `-0.${'0'.repeat(37)}1`],
    ['digits of ASCII', '64053151420411946063694043751862251568', '12.34', `0.${'0'.repeat(37)}5`],
    ['null', null, null, null],
  ],
);

/** Moments in zones of all three kinds, around a change of the clocks and before 1970. */
const zones: BuiltinTable = listed(
  [
    column('what', 'STRING'),
    column('zulu', 'TIMESTAMP_TZ', 'Z'),
    column('ahead', 'TIMESTAMP_TZ', '+05:30'),
    column('behind', 'TIMESTAMP_TZ', '-03:30'),
    column('berlin', 'TIMESTAMP_TZ', 'Europe/Berlin'),
  ],
  [
    zoned(
      'winter',
      '2026-02-12T00:00:00.123456',
      '05:30:00.123456',
      '2026-02-11T20:30:00.123456',
      '01:00:00.123456+01:00',
    ),
    zoned(
      'clocks go forward',
      '2026-03-29T01:00:00.000000',
      '06:30:00.000000',
      '2026-03-28T21:30:00.000000',
      '03:00:00.000000+02:00',
    ),
    zoned(
      'before 1970',
      '1969-12-31T12:00:00.000001',
      '17:30:00.000001',
      '1969-12-31T08:30:00.000001',
      '13:00:00.000001+01:00',
    ),
    ['null', null, null, null, null],
  ],
);

/** One moment in the zones of the table; ahead and in Berlin it is the same day as in Greenwich. */
function zoned(what: string, zulu: string, ahead: string, behind: string, berlin: string): Row {
  const day = zulu.slice(0, 10);
  return [what, `${zulu}Z`, `${day}T${ahead}+05:30`, `${behind}-03:30`, `${day}T${berlin}`];
}

/** Tables of the schema `builtin.types`. */
export const TYPE_TABLES: Readonly<Record<string, BuiltinTable>> = {
  vectors,
  nulls,
  constants,
  decimals,
  zones,
};
