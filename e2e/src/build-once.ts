import { buildIfStale } from './built.js';

/** Before the first file of the run: the programs are there, and no two files build them at the same time. */
export const setup = (): Promise<void> => buildIfStale();
