/** A deployment's name, and the value of the `strategy` header that asks for it. */
export type Colour = 'blue' | 'green';

/** One of something for each deployment. */
export type Both<T> = Readonly<Record<Colour, T>>;

export const COLOURS: readonly Colour[] = Object.freeze(['blue', 'green']);

export const otherColour = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue');

/** The router takes the header as it is: neither case of letters nor blanks are forgiven. */
export const isColour = (value: unknown): value is Colour => value === 'blue' || value === 'green';

/** Something for each deployment. */
export const both = <T>(make: (colour: Colour) => T): Both<T> => ({
  blue: make('blue'),
  green: make('green'),
});
