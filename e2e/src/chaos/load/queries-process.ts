import { fileURLToPath } from 'node:url';
import type { Recorder } from '../recorder.js';
import type { Program, Programs } from '../stack/programs.js';
import type { QueryEnd } from './queries.js';

const MAIN = fileURLToPath(new URL('queries-main.ts', import.meta.url));

/** Starts the ad-hoc queries; stopping the program ends them in good order. */
export function startQueries(
  programs: Programs,
  o: { readonly engine: string; readonly seed: number; readonly recorder: Recorder },
): Program {
  const { hostname, port } = new URL(`http://${o.engine}`);
  return programs.start({
    name: 'queries',
    program: MAIN,
    args: [hostname, port, String(o.seed)],
    isSource: true,
    onLine: (line) => {
      if (!line.startsWith('{"time":')) return;
      // Nobody else writes such lines.
      const { time, ...end } = JSON.parse(line) as QueryEnd;
      o.recorder.add({ type: 'query', at: o.recorder.at(time), ...end });
    },
  });
}
