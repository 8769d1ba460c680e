import { type Capabilities, decodeCapabilities, encodeCapabilities } from '../capabilities/index.js';
import { SerializationError } from '../errors.js';

/** Whose capabilities. */
export interface OfMember {
  readonly group: string;
  readonly member: string;
}

/** `encodeCapabilities`; its error names group and member. */
export function writeCapabilities(of: OfMember, value: Capabilities | null | undefined): Uint8Array {
  return naming(of, 'written', () => encodeCapabilities(value));
}

/** `decodeCapabilities`; its error names group and member. Absent bytes are no capabilities. */
export function readCapabilities(of: OfMember, bytes: Uint8Array | null): Capabilities | null {
  return naming(of, 'read', () => (bytes === null ? null : decodeCapabilities(bytes)));
}

function naming<T>({ group, member }: OfMember, done: 'written' | 'read', run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    throw new SerializationError(
      `the capabilities of member ${JSON.stringify(member)} in group ${JSON.stringify(group)} cannot be ${done}: ${error.message}`,
      { cause: error },
    );
  }
}
