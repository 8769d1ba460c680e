import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AppliedEntry } from '@holdfast/cluster-sim';
import type { AppliedWrite } from '../history/history.js';
import type { Recorder } from '../recorder.js';

/** The cluster's log, oldest first, with the older generation beside it. */
const FILES = ['applied.log.1', 'applied.log'];

/** Everything that the nodes carried out or refused. A line that kill -9 tore is left out; so is what got no line. */
export function readApplied(dataDir: string, recorder: Recorder): readonly AppliedWrite[] {
  return FILES.map((name) => path.join(dataDir, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .flatMap((line) => {
      const entry = parse(line);
      if (entry === null) return [];
      const { seq, at, node, verb, groupId, fence, applied, status } = entry;
      return [{ seq, at: recorder.at(at), node, verb, groupId, fence, applied, status }];
    });
}

function parse(line: string): AppliedEntry | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as AppliedEntry;
  } catch {
    return null;
  }
}
