import picocolors from 'picocolors';
import type { OutStream } from '../job-io.js';

/** The few colours that `job` uses; each is the identity where colours are off. */
export type Colours = ReturnType<typeof picocolors.createColors>;

/** Colours for one stream: only on a terminal, and never with `NO_COLOR` set to anything or `TERM=dumb`. */
export function coloursFor(stream: OutStream, env: Readonly<Record<string, string | undefined>>): Colours {
  const wanted = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return picocolors.createColors(wanted && stream.isTTY === true);
}
