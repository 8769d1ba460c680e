import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Capability, decodeCapabilities, encodeCapabilities } from '../../src/capabilities/index.js';
import { SerializationError } from '../../src/errors.js';

const text = fc.string({ unit: 'grapheme' });
const key = text.filter((name) => name !== '__proto__');
const { value } = fc.letrec<{ value: Capability }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((float) => float + 0), // No -0.
    text,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(key, tie('value'), { maxKeys: 40 }),
  ),
}));
const wide = fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n);

it('what is written is read as the same', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(decodeCapabilities(encodeCapabilities(given))).toEqual(isAbsent(given) ? null : given);
    }),
    { numRuns: 300 },
  );
});

it('Python reads what is written, and writes the same bytes', () => {
  const values = fc.array(fc.oneof(value, wide), { minLength: 150, maxLength: 150 });
  fc.assert(
    fc.property(values, (given) => {
      const written = given.map((one) => Buffer.from(encodeCapabilities(one)).toString('hex'));
      expect(throughPython(written)).toStrictEqual(written);
    }),
    { numRuns: 2, endOnFailure: true },
  );
});

it('bigints come back exact, as numbers where numbers are', () => {
  fc.assert(
    fc.property(wide, (given) => {
      const read = decodeCapabilities(encodeCapabilities([given]));
      const safe = Number.isSafeInteger(Number(given));
      expect(read).toStrictEqual([safe ? Number(given) : given]);
    }),
  );
});

it('bytes of any kind are read, or refused with one kind of error', () => {
  const prefix = fc.constantFrom('', '81a161', '93', 'c70507', 'c70404', 'd404', 'c71001', 'df0000', 'dc00');
  let refused = 0;
  fc.assert(
    fc.property(prefix, fc.uint8Array({ maxLength: 24 }), (start, rest) => {
      try {
        decodeCapabilities(Buffer.concat([Buffer.from(start, 'hex'), rest]));
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(SerializationError);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(refused).toBeGreaterThan(100);
});

it('a change of one byte, or a cut, harms nothing but the reading', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.nat({ max: 255 }), (given, place, byte) => {
      const bytes = encodeCapabilities(given);
      const at = place % bytes.length;
      for (const broken of [bytes.with(at, byte), bytes.subarray(0, at)]) {
        try {
          decodeCapabilities(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(SerializationError);
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** Empty bytes at the top are how tooz up to 8.1 writes that there are none. */
const isAbsent = (given: Capability): boolean => given instanceof Uint8Array && given.length === 0;

/** What Python's msgpack writes of what it has read, with the options of tooz. Needs python3-msgpack. */
function throughPython(values: readonly string[]): string[] {
  const program = [
    'import msgpack, sys',
    'for line in sys.stdin:',
    '    value = msgpack.unpackb(bytes.fromhex(line), raw=False, strict_map_key=True)',
    '    print(msgpack.packb(value, use_bin_type=True).hex())',
  ];
  const answer = execFileSync('/usr/bin/python3', ['-c', program.join('\n')], {
    input: values.join('\n'),
    encoding: 'utf8',
  });
  return answer.trimEnd().split('\n');
}
