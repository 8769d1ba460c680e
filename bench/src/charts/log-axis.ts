const STEPS = [1, 2, 5] as const;
/** Beyond so many powers of ten the powers alone are marked. */
const MOST_DECADES = 2;

/** A logarithmic axis around some values: where it ends, and what is marked on it. */
export interface LogAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** `least`: the axis spans at least this factor, so that noise does not fill it. Values that are not above 0 have no place. */
export function logAxis(values: readonly number[], least = 1): LogAxis {
  const placed = values.filter((value) => value > 0 && Number.isFinite(value));
  const [low, high] = placed.length === 0 ? [1, 1] : [Math.min(...placed), Math.max(...placed)];
  const middle = Math.sqrt(low * high);
  const room = Math.max(1.15, Math.sqrt(least / (high / low)));
  const domain = [Math.min(low / room, middle), Math.max(high * room, middle)] as const;
  const decades = Math.log10(domain[1] / domain[0]);
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(domain[0])); power <= Math.ceil(Math.log10(domain[1])); power += 1)
    for (const step of decades > MOST_DECADES ? STEPS.slice(0, 1) : STEPS) {
      const tick = Number(`${step}e${power}`);
      if (tick >= domain[0] && tick <= domain[1]) ticks.push(tick);
    }
  return { domain, ticks };
}

/** `1,000`, `0.05`. */
export function plain(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
