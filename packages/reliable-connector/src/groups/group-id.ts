import { ReliableConnectorError } from '../errors.js';

/**
 * A group id as the nodes store it: text. `7` and `'7'` are one id. Refused is what `GET /group/:id` cannot address:
 * such a record could never be read back (flaw 25 of the origin).
 */
export function groupIdOf(id: string | number, maxBytes: number): string {
  if (typeof id !== 'string' && !Number.isSafeInteger(id))
    throw invalid(String(id), 'give text, or a whole number within ±2^53');
  const text = String(id);
  if (text === '' || text === '.' || text === '..') throw invalid(text, 'it cannot be addressed in a URL');
  if (text.includes('/')) throw invalid(text, 'it contains "/"');
  if (/[\p{Cc}\p{Cs}]/u.test(text))
    throw invalid(text, 'it contains a control character or half a surrogate pair');
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw invalid(text, `it has ${bytes} bytes of UTF-8, the limit is ${maxBytes}`);
  return text;
}

function invalid(id: string | number, why: string): ReliableConnectorError {
  const shown =
    typeof id === 'string' && id.length > 64 ? `${JSON.stringify(id.slice(0, 64))}…` : JSON.stringify(id);
  return new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `group id ${shown} is not usable: ${why}; give printable text without "/", or a whole number`,
  );
}
