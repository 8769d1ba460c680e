/*
 * The two libraries that draw. Their own types want those of a browser and of d3, which checking the types of libraries
 * would complain of: so the compiler does not follow their names, and what is used of them is written down here.
 */
const PLOT: string = '@observablehq/plot';
const LINKEDOM: string = 'linkedom';

/** Something to be drawn. */
export interface Mark {
  readonly ariaLabel?: string;
}

export interface ScaleOptions {
  readonly type?: 'log' | 'linear' | 'band' | 'point';
  readonly domain?: readonly (number | string)[];
  readonly label?: string | null;
  readonly ticks?: readonly number[];
  readonly tickFormat?: (value: number) => string;
  readonly tickSize?: number;
  readonly grid?: boolean;
  readonly axis?: 'top' | 'bottom' | 'left' | 'right' | null;
  readonly labelAnchor?: 'left' | 'right' | 'top' | 'center';
}

interface PlotOptions {
  readonly document: object;
  readonly className: string;
  readonly ariaLabel?: string;
  readonly ariaDescription?: string;
  readonly width: number;
  readonly height: number;
  readonly marginTop?: number;
  readonly marginRight?: number;
  readonly marginBottom?: number;
  readonly marginLeft?: number;
  readonly x?: ScaleOptions;
  readonly y?: ScaleOptions;
  readonly marks: readonly Mark[];
}

/** A channel by a function of the datum, or the same for all. */
type Channel<T> = number | string | readonly number[] | ((datum: T) => number | string | null | undefined);

interface MarkOptions<T> {
  readonly x?: Channel<T>;
  readonly x1?: Channel<T>;
  readonly x2?: Channel<T>;
  readonly y?: Channel<T>;
  readonly y1?: Channel<T>;
  readonly y2?: Channel<T>;
  readonly z?: Channel<T>;
  readonly text?: Channel<T>;
  readonly fill?: Channel<T>;
  readonly stroke?: Channel<T>;
  readonly symbol?: Channel<T>;
  readonly r?: number;
  readonly dx?: number;
  readonly dy?: number;
  readonly strokeWidth?: number;
  readonly strokeOpacity?: number;
  readonly strokeDasharray?: string;
  readonly fontSize?: number;
  readonly fontWeight?: string;
  readonly textAnchor?: 'start' | 'middle' | 'end';
  readonly lineAnchor?: 'top' | 'middle' | 'bottom';
  readonly frameAnchor?: 'top-left' | 'right' | 'top-right';
}

type MarkOf = <T>(data: readonly T[], options?: MarkOptions<T>) => Mark;

interface Plot {
  readonly dot: MarkOf;
  readonly line: MarkOf;
  readonly ruleX: MarkOf;
  readonly ruleY: MarkOf;
  readonly text: MarkOf;
  readonly plot: (options: PlotOptions) => { readonly outerHTML: string };
}

interface Linkedom {
  readonly parseHTML: (html: string) => { readonly document: object };
}

/** Observable Plot. */
export const Plot: Plot = await import(PLOT);

/** A document without a browser. */
export const { parseHTML }: Linkedom = await import(LINKEDOM);
