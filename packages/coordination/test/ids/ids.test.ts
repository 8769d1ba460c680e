import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoordinationError } from '../../src/errors.js';
import { fromBytes, type Id, idBytes, idText } from '../../src/ids.js';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
/** Text that callers may hold: characters of all kinds and escapes for bytes, also where the bytes are UTF-8. */
const escapes = fc
  .oneof(fc.constantFrom(0xc3, 0xbc, 0xe2, 0x82, 0xac), fc.integer({ min: 0x80, max: 0xff }))
  .map((byte) => String.fromCharCode(0xdc00 + byte));
const textWithEscapes = fc
  .array(fc.oneof(escapes, fc.string({ unit: 'binary', minLength: 1, maxLength: 2 })), { minLength: 1 })
  .map((parts) => parts.join(''));

describe('bytes to text and back', () => {
  it('each of the 256 bytes alone', () => {
    const texts = Array.from({ length: 256 }, (_, byte) => idText('id', Uint8Array.of(byte)));
    texts.forEach((text, byte) => {
      expect([...idBytes(text)]).toStrictEqual([byte]);
      expect(text.charCodeAt(0)).toBe(byte < 0x80 ? byte : 0xdc00 + byte);
    });
    expect(new Set(texts).size).toBe(256);
  });

  it('all 256 bytes in a row, and backwards', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const row of [all, all.toReversed()])
      expect(idBytes(idText('id', row))).toStrictEqual(Buffer.from(row));
  });

  it('any bytes', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(idBytes(fromBytes(given))).toStrictEqual(Buffer.from(given));
      }),
    );
  });

  it('bytes near UTF-8: characters whose bytes are cut, doubled or changed', () => {
    const near = fc
      .tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), fc.nat({ max: 255 }))
      .map(([text, place, byte]) => {
        const buffer = Buffer.from(text);
        buffer[place % buffer.length] = byte;
        return buffer;
      });
    fc.assert(
      fc.property(near, (given) => {
        const text = fromBytes(given);
        expect(idBytes(text)).toStrictEqual(given);
        expect(text).toBe(idText('id', text));
      }),
    );
  });

  it.each([
    ['ff', '\udcff'],
    ['c3bc', 'ü'],
    ['c3', '\udcc3'],
    ['61c3', 'a\udcc3'],
    ['c3c3bc', '\udcc3ü'],
    ['c080', '\udcc0\udc80'],
    ['eda080', '\udced\udca0\udc80'],
    ['edb280', '\udced\udcb2\udc80'],
    ['e08080', '\udce0\udc80\udc80'],
    ['f09f9880', '😀'],
    ['f09f98', '\udcf0\udc9f\udc98'],
    ['f09f986162', '\udcf0\udc9f\udc98ab'],
    ['f4908080', '\udcf4\udc90\udc80\udc80'],
    ['f5808080', '\udcf5\udc80\udc80\udc80'],
    ['efbbbf61', '\ufeffa'],
    ['00ff00', '\0\udcff\0'],
    ['f09f9880ff', '😀\udcff'],
  ])("%s is the text that Python's os.fsdecode makes of it", (hex, text) => {
    expect(fromBytes(Buffer.from(hex, 'hex'))).toBe(text);
    expect(idBytes(text).toString('hex')).toBe(hex);
  });
});

describe('one text for one sequence of bytes', () => {
  it('escapes for bytes that are UTF-8 become their character', () => {
    expect(idText('id', '\udcc3\udcbc')).toBe('ü');
    expect(idText('id', 'a\udcf0\udc9f\udc98\udc80')).toBe('a😀');
    expect(idText('id', '\udcc3ü')).toBe('\udcc3ü');
  });

  it('texts are equal where their bytes are', () => {
    let joined = 0;
    fc.assert(
      fc.property(textWithEscapes, (given) => {
        const text = idText('id', given);
        if (text !== given) joined++;
        expect(text).toBe(fromBytes(idBytes(given)));
        expect(idText('id', text)).toBe(text);
        expect(idText('id', idBytes(given))).toBe(text);
      }),
      { numRuns: 500 },
    );
    expect(joined).toBeGreaterThan(0);
  });
});

describe('refusals', () => {
  it.each<[string, Id, RegExp]>([
    ['empty text', '', /^group id is empty; give 1 to 1024 bytes$/],
    ['no bytes', new Uint8Array(), /^group id is empty/],
    ['text of 1,025 bytes', 'a'.repeat(1025), /^group id has 1025 bytes/],
    ['text of 513 characters in 1,026 bytes', 'ü'.repeat(513), /^group id has 1026 bytes/],
    ['1,025 bytes', new Uint8Array(1025), /^group id has 1025 bytes/],
    ['a high surrogate', 'a\ud800', /half a surrogate pair; give well-formed text, or bytes/],
    ['a low surrogate below the escapes', '\udc7f', /half a surrogate pair/],
    ['a low surrogate above the escapes', '\udd00', /half a surrogate pair/],
    ['a pair the wrong way round', '\udc80\ud800', /half a surrogate pair/],
  ])('%s', (_name, id, message) => {
    expect(() => idText('group id', id)).toThrow(message);
    expect(codeOf(() => idText('group id', id))).toBe('INVALID_ARGUMENT');
  });

  it.each([undefined, null, 5, {}, new Uint16Array(2)])('%s is no id', (id) => {
    expect(codeOf(() => idText('lock name', id as unknown as Id))).toBe('INVALID_ARGUMENT');
  });

  it('1,024 bytes are taken, in text, in bytes and in escapes', () => {
    expect(idText('id', 'ü'.repeat(512))).toBe('ü'.repeat(512));
    expect(idText('id', new Uint8Array(1024).fill(0xff))).toBe('\udcff'.repeat(1024));
    expect(idText('id', '\udcff'.repeat(1024))).toBe('\udcff'.repeat(1024));
  });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof CoordinationError) return error.code;
    throw error;
  }
  return undefined;
}
