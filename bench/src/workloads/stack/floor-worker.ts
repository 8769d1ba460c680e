import { join } from 'node:path';
import { nowMs } from '../../harness/clock.js';
import { serveWorker } from '../../harness/worker-host.js';
import { BareSide } from '../reliable/bare-side.js';
import { DurableFile } from '../reliable/durable-file.js';
import type { FloorOrder, FloorReport, FloorWorker } from './floor-protocol.js';

/** Of the fence's scope: as long as the id of a journal. */
const SCOPE_LENGTH = 36;

let sides: { readonly bare: BareSide; readonly file: DurableFile } | null = null;

/** Each id: one durable append, then a POST to each node in parallel. */
async function create({ prefix, ids, callers }: FloorOrder): Promise<FloorReport> {
  if (sides === null) throw new Error('open() comes first');
  const { bare, file } = sides;
  const begunAt = nowMs();
  let next = 0;
  let failed = 0;
  async function caller(): Promise<void> {
    while (next < ids) {
      next += 1;
      const id = `${prefix}-${next}`;
      file.append();
      if (!(await bare.create(id))) failed += 1;
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  return { seconds: (nowMs() - begunAt) / 1000, failed };
}

serveWorker<FloorWorker>({
  async open({ nodes, folder }) {
    sides = { bare: new BareSide(nodes, SCOPE_LENGTH), file: new DurableFile(join(folder, 'floor')) };
  },
  create,
  async close() {
    await sides?.bare.close();
    sides?.file.close();
    sides = null;
  },
});
