import { randomBytes } from 'node:crypto';

/** The only source of chance in this package: jitter and versions. A number in [0, 1). */
export type Random = () => number;

/** Chance from the operating system. */
export const systemRandom: Random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
