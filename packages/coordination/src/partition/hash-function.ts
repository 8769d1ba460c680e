import { createHash, type Hash, hash } from 'node:crypto';
import { CoordinationError } from '../errors.js';

/** Names of Python's hashlib that OpenSSL spells otherwise. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['blake2b', 'blake2b512'],
  ['blake2s', 'blake2s256'],
]);

/** A hash function by the name that Python's hashlib and Node's crypto have for it, such as `md5` or `sha256`. */
export class HashFunction {
  readonly name: string;
  /** Bytes of a digest. */
  readonly width: number;
  readonly #spelling: string;

  /** Throws `INVALID_ARGUMENT` for a function that this system has not. */
  constructor(name: string) {
    this.name = name;
    this.#spelling = SPELLINGS.get(name) ?? name.replaceAll('_', '-');
    this.width = this.#isExtendable() ? 0 : this.#digestLength();
    if (this.width === 0)
      throw new CoordinationError(
        'INVALID_ARGUMENT',
        `hashFunction is ${JSON.stringify(name)}, which is not a hash function of fixed length on this system; give md5, as tooz does, or one of crypto.getHashes()`,
      );
  }

  /** The digest of `data`. */
  digest(data: Uint8Array): Buffer {
    return hash(this.#spelling, data, 'buffer');
  }

  /** The digest of `data`, written to `target` at `at`. Faster than `digest`, since it makes no buffer. */
  digestTo(target: Buffer, at: number, data: Uint8Array): void {
    target.write(hash(this.#spelling, data, 'binary'), at, 'latin1');
  }

  /** A digest in the making. */
  begin(): Hash {
    return createHash(this.#spelling);
  }

  /** Tooz fails with these at the first node, since Python's digest of them needs a length. */
  #isExtendable(): boolean {
    return this.#spelling.toLowerCase().startsWith('shake');
  }

  #digestLength(): number {
    try {
      return this.begin().digest().length;
    } catch {
      return 0;
    }
  }
}
