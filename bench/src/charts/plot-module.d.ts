/** What is used of Observable Plot, whose own types want those of a browser and of d3. */
declare module '@observablehq/plot' {
  /** Something to be drawn. */
  interface Mark {
    readonly ariaLabel?: string;
  }

  interface ScaleOptions {
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

  export const dot: MarkOf;
  export const line: MarkOf;
  export const ruleX: MarkOf;
  export const ruleY: MarkOf;
  export const text: MarkOf;
  export const plot: (options: PlotOptions) => { readonly outerHTML: string };
}

/** What is used of linkedom, whose own types want those of a browser. */
declare module 'linkedom' {
  export const parseHTML: (html: string) => { readonly document: object };
}
