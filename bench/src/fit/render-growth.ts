import type { Curve } from './curve.js';

/** One line per curve, for a terminal. */
export function renderGrowth(curves: readonly Curve[]): string {
  return curves
    .flatMap(({ what, axis, series }) =>
      series.flatMap(({ name, growth }) =>
        growth === null
          ? []
          : [
              `Growth: ${what}, by ${axis}, ${name}: ${growth.shape}, k = ${growth.exponent.toFixed(2)}, at the end ${growth.lastExponent.toFixed(2)}${growth.worseThanLinear ? ' WORSE THAN LINEAR' : ''}`,
            ],
      ),
    )
    .join('\n');
}
