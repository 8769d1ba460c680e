import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindParameters, ESCAPE_STYLES, type EscapeStyle } from '../../src/parameters/index.js';
import { readLiteral } from './literal-reader.js';
import { refusal } from './refusal.js';

const bind = (value: unknown, escapes?: EscapeStyle): string =>
  bindParameters('%(v)s', { v: value }, escapes === undefined ? {} : { escapes });

describe('values', () => {
  it.each([
    ['null', null, 'NULL'],
    ['a text', 'plain', "'plain'"],
    ['the escapes of the origin', "a\\b'c\rd\ne\tf", "'a\\\\b\\'c\\rd\\ne\\tf'"],
    ['a whole number', 42, '42'],
    ['a fraction', -1.5, '-1.5'],
    ['a large number', 1e21, '1e+21'],
    ['a bigint', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['true', true, 'TRUE'],
    ['false', false, 'FALSE'],
    ['a Date', new Date('2026-02-12T05:30:00.123Z'), "'2026-02-12T05:30:00.123Z'"],
    ['bytes', Uint8Array.of(0, 127, 255), "X'007fff'"],
    ['a list', [1, 'a', null], "(1, 'a', NULL)"],
    [
      'a list of rows',
      [
        [1, 'a'],
        [2, 'b'],
      ],
      "((1, 'a'), (2, 'b'))",
    ],
  ])('binds %s', (_, value, literal) => {
    expect(bind(value)).toBe(literal);
  });

  it('doubles quotes and leaves backslashes in the standard style', () => {
    expect(bind("a\\b'c\n", 'standard')).toBe("'a\\b''c\n'");
  });

  it.each([
    ['NaN', Number.NaN, "is NaN, for which SQL has no literal; write CAST('NaN' AS DOUBLE)"],
    ['an infinity', Number.NEGATIVE_INFINITY, 'is -Infinity'],
    ['an object', { a: 1 }, 'is an object'],
    ['a Map', new Map(), 'is a Map'],
    ['a function', () => 1, 'is function'],
    ['a symbol', Symbol('s'), 'is symbol'],
    ['undefined', undefined, 'or null for NULL'],
    ['an empty array', [], 'is an empty array'],
    ['arrays that nest too deep', [[[1]]], 'deeper than 2'],
    ['an invalid Date', new Date('never'), 'is an invalid Date'],
    ['a Date beyond four digits of a year', new Date(8.64e15), 'is in the year 275760'],
    ['39 digits', 10n ** 38n, 'more than 38 digits'],
    ['half a surrogate pair', 'a\ud800', 'half a surrogate pair'],
  ])('refuses %s', (_, value, why) => {
    expect(refusal(() => bind(value))).toContain(why);
    expect(refusal(() => bind(value))).toContain('parameter v');
  });

  it('names the element of a list that it refuses, a hole included', () => {
    expect(refusal(() => bind([1, {}]))).toContain('parameter v[1] is an object');
    expect(refusal(() => bind(new Array(1)))).toContain('parameter v[0] is undefined');
  });

  it('never shows a value that it refuses', () => {
    expect(refusal(() => bind('secret\udfff'))).not.toContain('secret');
  });
});

describe('placeholders', () => {
  it('leaves a statement without parameters as it is', () => {
    const sql = "SELECT 5 % 2, '%%', %(name)s";
    expect(bindParameters(sql, undefined)).toBe(sql);
  });

  it('4.20: a lone % in SQL is no error, neither with {} nor with values', () => {
    expect(bindParameters("SELECT 5 % 2 FROM t WHERE a LIKE 'x%'", {})).toBe(
      "SELECT 5 % 2 FROM t WHERE a LIKE 'x%'",
    );
    expect(bindParameters("SELECT 5 %d, %s, 100% WHERE a LIKE '%x%' AND b = %(b)s", { b: 1 })).toBe(
      "SELECT 5 %d, %s, 100% WHERE a LIKE '%x%' AND b = 1",
    );
  });

  it('4.20: lists and dates are bound', () => {
    const day = new Date(0);
    expect(bindParameters('a IN %(list)s AND b < %(day)s', { list: [1, 2], day })).toBe(
      "a IN (1, 2) AND b < '1970-01-01T00:00:00.000Z'",
    );
  });

  it('4.20: an empty object of parameters misses what the statement names', () => {
    expect(refusal(() => bindParameters('SELECT %(id)s', {}))).toBe(
      'parameter id is missing; the statement has %(id)s, params has nothing',
    );
  });

  it('turns %% into %, also within quotes, as pyformat does', () => {
    expect(bindParameters("SELECT 5 %% 2, '100%%', %(a)s", { a: 1 })).toBe("SELECT 5 % 2, '100%', 1");
    expect(bindParameters('SELECT %%(a)s', {})).toBe('SELECT %(a)s');
  });

  it('binds a name as often as it stands there', () => {
    expect(bindParameters('%(a)s + %(b)s + %(a)s', { a: 1, b: 2 })).toBe('1 + 2 + 1');
  });

  it('does not read what it has written as a placeholder', () => {
    expect(bindParameters('%(a)s, %(b)s', { a: '%(b)s %%', b: "'" })).toBe("'%(b)s %%', '\\''");
  });

  it('does not make a comment of a minus and a negative number', () => {
    expect(bindParameters('SELECT a-%(n)s', { n: -1 })).toBe('SELECT a- -1');
  });

  it('names a parameter that is missing or not mentioned', () => {
    expect(refusal(() => bindParameters('SELECT %(idd)s', { id: 1 }))).toBe(
      'parameter idd is missing; the statement has %(idd)s, params has id',
    );
    expect(refusal(() => bindParameters('SELECT %(a)s', { a: 1, b: 2 }))).toContain('parameter b is given');
  });

  it.each(['toString', '__proto__', 'constructor'])('does not take %s from the prototype', (name) => {
    expect(refusal(() => bindParameters(`SELECT %(${name})s`, {}))).toContain(`parameter ${name} is missing`);
  });

  it('refuses params that are no object', () => {
    // @ts-expect-error an array has no names
    expect(refusal(() => bindParameters('SELECT 1', [1]))).toContain('params is an array');
    // @ts-expect-error null is no object of parameters
    expect(refusal(() => bindParameters('SELECT 1', null))).toContain('params is null');
  });
});

describe('quotes and comments', () => {
  it.each(["'%(a)s'", "'it''s %(a)s'", '"%(a)s"', '`%(a)s`', "'open %(a)s"])(
    'refuses a placeholder within quotes: %s',
    (sql) => {
      expect(refusal(() => bindParameters(`SELECT ${sql}`, { a: 1 }))).toContain(
        '%(a)s stands within quotes at character',
      );
    },
  );

  it('says where', () => {
    expect(refusal(() => bindParameters("SELECT 'x', '%(a)s'", { a: 1 }))).toContain('at character 13');
  });

  it.each(['-- %(a)s 100%%\n', '/* %(a)s 100%% */', '-- %(a)s', "/* it's %(a)s"])(
    'leaves a comment as it is, and counts its names as mentioned: %s',
    (comment) => {
      expect(bindParameters(`SELECT 1 ${comment}`, { a: 1 })).toBe(`SELECT 1 ${comment}`);
    },
  );

  it('goes on after a comment or quotes', () => {
    expect(bindParameters("-- it's\nSELECT '--', %(a)s, '/*', %(a)s, `\"`, %(a)s", { a: 7 })).toBe(
      "-- it's\nSELECT '--', 7, '/*', 7, `\"`, 7",
    );
  });

  it('knows where quotes end by the style', () => {
    expect(bindParameters(String.raw`SELECT 'it\'s', %(a)s`, { a: 1 })).toBe(String.raw`SELECT 'it\'s', 1`);
    expect(bindParameters(String.raw`SELECT '\', %(a)s`, { a: 1 }, { escapes: 'standard' })).toBe(
      String.raw`SELECT '\', 1`,
    );
  });

  it('takes time in proportion to the statement, whatever is left open', () => {
    for (const piece of ["'", '/*', '"', '%(', "\\'", '%(a', '`'])
      expect(bindParameters(piece.repeat(200_000), {}).length).toBe(piece.length * 200_000);
  });
});

describe.each(ESCAPE_STYLES)('no injection: %s', (escapes) => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom("'", '\\', '\0', '\n', '\r', '\t', 'n', '%(v)s', '--', '/*', '😀', '"'), {
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
  );

  it('an independent reader gets exactly the text back, and what follows it is untouched', () => {
    fc.assert(
      fc.property(nasty, nasty, (first, second) => {
        const sql = bindParameters('%(a)s = %(b)s;', { a: first, b: second }, { escapes });
        const one = readLiteral(sql, escapes);
        expect(one.text).toBe(first);
        expect(one.rest.slice(0, 3)).toBe(' = ');
        const two = readLiteral(one.rest.slice(3), escapes);
        expect(two).toEqual({ text: second, rest: ';' });
      }),
      { numRuns: 1_000 },
    );
  });
});
