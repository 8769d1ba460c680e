/** Reads a whole number from a query; the fallback where it is missing, undefined where it is out of range. */
export function readWholeNumber(
  text: string | string[] | undefined,
  range: { readonly fallback: number; readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined) return range.fallback;
  if (typeof text !== 'string' || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= range.min && value <= range.max ? value : undefined;
}
