import { Decoder, Encoder } from '@msgpack/msgpack';
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
    fc.double({ noNaN: true }),
    text,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(key, tie('value'), { maxKeys: 40 }),
  ),
}));
const peer = { encoder: new Encoder(), decoder: new Decoder() };

it('what is written is read as the same, by this package and by another implementation', () => {
  fc.assert(
    fc.property(value, (given) => {
      const bytes = encodeCapabilities(given);
      expect(decodeCapabilities(bytes)).toEqual(isAbsent(given) ? null : given);
      expect(peer.decoder.decode(bytes)).toEqual(given);
    }),
    { numRuns: 300 },
  );
});

it('what another implementation writes is read as the same', () => {
  fc.assert(
    fc.property(value, (given) => {
      const read = decodeCapabilities(peer.encoder.encode(given));
      expect(read).toEqual(isAbsent(given) ? null : given);
    }),
    { numRuns: 300 },
  );
});

it('bigints come back exact, as numbers where numbers are', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n), (given) => {
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
