import { getCoordinator } from '@holdfast/coordination';
import { seededRandom } from '../../seeded-random.js';
import { Line } from '../line.js';
import { now, pause } from '../now.js';
import { twice } from './cycles.js';
import { holdAndLook } from './hold-and-look.js';
import { TEAM } from './names.js';
import type { OwnTerm, ParentCalls, Work, WorkerCalls, WorkerConfig } from './protocol.js';
import type { ParentLine, Stage } from './stage.js';
import { ROUNDS } from './works.js';

/** After a round that failed, so that a persistent failure does not fill the report, ms. */
const AFTER_ERROR_MS = 20;

/** What the process itself needs: the line to its parent, and its output. */
const OWN_RESOURCES = new Set(['PipeWrap', 'Immediate']);

/** Sockets that were closed need a moment to be gone, ms. */
const CLOSING_MS = 3_000;

const calming = new AbortController();
const errors: string[] = [];
const ownTerms: OwnTerm[] = [];
const under: Promise<void>[] = [];
let rounds = 0;
let stage: Stage | null = null;
let stopped = false;

const line: ParentLine = new Line<WorkerCalls, ParentCalls>({
  send: (message) => process.send?.(message),
  handlers: {
    begin: async (config) => {
      stage = await open(config);
      return null;
    },
    work: (works) => {
      const on = begun();
      for (const work of works) under.push(repeat(work, on));
      if (works.includes('lead')) under.push(followOwnTerms(on));
      return null;
    },
    calm: async () => {
      calming.abort();
      await Promise.all(under);
      return { rounds, errors, ownTerms };
    },
    hold: (way) => holdAndLook(begun(), way),
    cycles: (acquisitions) => twice(begun(), acquisitions),
    stop: async () => {
      await begun().coordinator.stop();
      stopped = true;
      const left = await leftBehind();
      // After the answer. From then on nothing of its own keeps this process alive.
      setImmediate(() => process.disconnect());
      return left;
    },
  },
});
process.on('message', (message) => line.take(message));
process.on('disconnect', () => {
  if (!stopped) process.exit(0);
});

/** Resources that still keep the process alive some time after the coordinator has stopped. */
async function leftBehind(): Promise<string[]> {
  const end = now() + CLOSING_MS;
  for (;;) {
    const left = process.getActiveResourcesInfo().filter((resource) => !OWN_RESOURCES.has(resource));
    if (left.length === 0 || now() > end) return left;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function open({ url, memberId, seed, options }: WorkerConfig): Promise<Stage> {
  const coordinator = getCoordinator(url, memberId, options);
  await coordinator.start();
  return { coordinator, memberId, line, random: seededRandom(seed), calm: calming.signal };
}

function begun(): Stage {
  if (!stage) throw new Error('begin comes first');
  return stage;
}

async function repeat(work: Work, on: Stage): Promise<void> {
  for (let turn = 0; !on.calm.aborted; turn++)
    try {
      await ROUNDS[work](on, turn);
      rounds++;
    } catch (error) {
      errors.push(`${work}: ${error instanceof Error ? error.stack : String(error)}`);
      await pause(AFTER_ERROR_MS);
    }
}

async function followOwnTerms({ coordinator, memberId, calm }: Stage): Promise<void> {
  for await (const event of coordinator.events(TEAM, { signal: calm })) {
    // A snapshot may show a term that has begun already.
    if (event.type === 'snapshot' && event.leader === memberId)
      ownTerms.push({ type: 'elected', term: Number(event.term) });
    if (event.type !== 'elected' && event.type !== 'resigned' && event.type !== 'lost') continue;
    if (event.memberId === memberId) ownTerms.push({ type: event.type, term: Number(event.term) });
  }
}
