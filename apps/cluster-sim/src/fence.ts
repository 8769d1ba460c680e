/** A parsed `holdfast-fence` header (4.7): only the highest value of a scope may still write. */
export interface Fence {
  /** The journal whose counter this is. */
  readonly scope: string;
  /** Unsigned, 64 bits. */
  readonly value: bigint;
}

/** Name of the request header (4.7). */
export const FENCE_HEADER = 'holdfast-fence';

/** A scope is a journal's id; the bound keeps a node's table of fences small. */
export const MAX_SCOPE_LENGTH = 128;

const MAX_UINT64 = 2n ** 64n - 1n;
/** Printable ASCII without blanks; the last colon separates the value. */
const FENCE = /^([!-~]+):(\d{1,20})$/;

/** Why a header is no fence; the text goes into the 400. */
export const FENCE_RULE: string = `header ${FENCE_HEADER} must be <scope>:<integer from 0 to 2^64-1>, the scope of 1 to ${MAX_SCOPE_LENGTH} printable characters without blanks`;

/** Reads the header strictly; undefined where it is no fence. */
export function parseFence(text: string): Fence | undefined {
  const match = FENCE.exec(text);
  const scope = match?.[1];
  const digits = match?.[2];
  if (scope === undefined || digits === undefined || scope.length > MAX_SCOPE_LENGTH) return undefined;
  const value = BigInt(digits);
  return value > MAX_UINT64 ? undefined : { scope, value };
}

/** The same text again, for the log. */
export function formatFence(fence: Fence): string {
  return `${fence.scope}:${fence.value}`;
}
