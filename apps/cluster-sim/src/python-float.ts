/** Decimal floats as Python writes them: no hexadecimal, no digit separators, surrounding blanks allowed. */
const FLOAT = /^[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t]*$/;

/** From this power of ten on, and below 10^-4, Python writes a float with an exponent. */
const FIRST_LARGE_EXPONENT = 16;
const LAST_SMALL_EXPONENT = -4;

/** The float that Python's `float()` reads from `text`, or NaN where the text is no finite decimal number. */
export function parsePythonFloat(text: string): number {
  if (!FLOAT.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * The text that Python's `repr()` gives a finite float. Both languages print the shortest digits that read back as
 * the same float; they differ in the `.0` of whole numbers, in where the exponent begins and in how it is written.
 */
export function pythonFloatRepr(value: number): string {
  const scientific = value.toExponential();
  const split = scientific.indexOf('e');
  const mantissa = scientific.slice(0, split);
  const exponent = Number(scientific.slice(split + 1));
  if (exponent < LAST_SMALL_EXPONENT || exponent >= FIRST_LARGE_EXPONENT) {
    const power = Math.abs(exponent).toString().padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  const sign = mantissa.startsWith('-') || Object.is(value, -0) ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
