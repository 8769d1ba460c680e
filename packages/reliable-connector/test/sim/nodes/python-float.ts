/** The text that Python's `repr` gives a float, as the origin prints it in its messages. */
export function pythonFloat(value: number): string {
  const [mantissa = '', exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const plain = power < 0 ? value.toFixed(Math.min(100, digitsOf(mantissa) - 1 - power)) : String(value);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function digitsOf(mantissa: string): number {
  return mantissa.replace(/[-.]/g, '').length;
}
