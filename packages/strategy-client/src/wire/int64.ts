/** Whether 64 bits with a sign hold the number. */
export function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}
