import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePythonFloat, pythonFloatRepr } from '../src/python-float.js';
import { pythonJsonString } from '../src/python-text.js';

describe('pythonFloatRepr', () => {
  // Taken from repr() of Python 3.
  test.each([
    [5, '5.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [1633806680.426599, '1633806680.426599'],
    [0.1, '0.1'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e15, '1000000000000000.0'],
    [9999999999999998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [12345678901234568, '1.2345678901234568e+16'],
    [1e22, '1e+22'],
    [1e100, '1e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00001, '1e-05'],
    [0.000012345, '1.2345e-05'],
    [1e-7, '1e-07'],
    [5e-324, '5e-324'],
    [-2.5, '-2.5'],
    [-1e-5, '-1e-05'],
    [100, '100.0'],
    [1234.5, '1234.5'],
  ])('%d is %s', (value, text) => {
    expect(pythonFloatRepr(value)).toBe(text);
  });

  test('always reads back as the same float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parsePythonFloat(pythonFloatRepr(value))).toBe(value);
      }),
    );
  });
});

describe('parsePythonFloat', () => {
  test.each([
    ['5', 5],
    [' 5.5\t', 5.5],
    ['+.5e1', 5],
    ['5.', 5],
    ['1E-3', 0.001],
  ])('reads "%s"', (text, value) => {
    expect(parsePythonFloat(text)).toBe(value);
  });

  test.each(['', ' ', '.', 'e5', '5e', '1 2', '0x1', '1_0', 'inf', 'nan', '1e400', '--1'])(
    'refuses "%s"',
    (text) => {
      expect(parsePythonFloat(text)).toBeNaN();
    },
  );
});

test('strings are escaped as by json.dumps', () => {
  expect(pythonJsonString('a"\\/\n\u0001\u007fé\u2028')).toBe('"a\\"\\\\/\\n\\u0001\\u007f\\u00e9\\u2028"');
});
