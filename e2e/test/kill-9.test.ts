import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BUILT, buildIfStale } from '../src/built.js';
import { ClusterProcess } from '../src/cluster-process.js';
import { NodeWatch } from '../src/divergence.js';
import { endOf, itemsOf, type JobEnd, type JobPlace, runJob, startJob } from '../src/job.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';
import { chooseSeed, type Random, seededRandom } from '../src/seeded-random.js';

leavesNothingBehind();
beforeAll(buildIfStale, 240_000);

const KILLS = 50;
/** Each lane has a journal and ids of its own; together they keep two cores busy while one of them waits for Q. */
const LANES = 3;
const IDS_PER_LANE = 33;
/** A run that is to be killed after more lines of its trace than it writes ends by itself and counts for nothing. */
const MAX_TRACE_LINES = 240;
const MAX_JITTER_MS = 25;
/** Until its first line a process starts, opens the journal and takes over what it finds. */
const MAX_START_MS = 400;
/**
 * Every fault keeps what `--max-server-lag` says of the deployment: a late write comes after 150 ms at most, and the
 * rest of Q is room for a busy machine. So settling costs this much, not the 2 s of the default.
 */
const Q_MS = 800;
const FAULTS = {
  errorBefore: 0.2,
  lostReply: 0.06,
  errorAfter: 0.03,
  late: { rate: 0.03, minMs: 10, maxMs: 150 },
};

test('kill -9 at random moments of job create and job delete leaves nothing divergent (S3, S5)', async () => {
  const seed = chooseSeed();
  reportLine(`kill -9: seed ${seed} (HOLDFAST_E2E_SEED)`);
  const folder = tempFolder();
  const dataDir = join(folder, 'cluster');
  const cluster = await ClusterProcess.start({ dataDir, extensions: 'off', faults: FAULTS, seed });
  const lanes = Array.from(
    { length: LANES },
    (_, at) => new Lane(cluster, folder, at, seededRandom(seed + at)),
  );
  let kills = 0;
  let runs = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (kills < KILLS) {
        kills += 1;
        runs += 1;
        if (!(await lane.cycle())) kills -= 1;
      }
    }),
  );
  for (const lane of lanes) await lane.isSound();
  await cluster.setFaults({});
  const watch = new NodeWatch(cluster);
  const ids = lanes.flatMap((lane) => lane.ids);
  expect(await watch.contradictions(ids)).toEqual([]);
  const divergent = watch.divergent();
  reportLine(`kill -9: ${kills} cycles, ${ids.length} ids, ${divergent.length} divergent`);
  const acknowledged = lanes.reduce((sum, lane) => sum + lane.acknowledged, 0);
  reportLine(`kill -9: ${acknowledged} acknowledged in ${runs} runs, none lost`);
  expect(divergent).toEqual([]);
});

/** Creates and deletes the same ids over and over, and is killed each time. */
class Lane {
  readonly ids: readonly string[];
  /** Items that a killed run had reported as committed. */
  acknowledged = 0;
  readonly #place: JobPlace;
  readonly #watch: NodeWatch;
  readonly #random: Random;
  #creates = false;

  constructor(cluster: ClusterProcess, folder: string, at: number, random: Random) {
    this.ids = Array.from({ length: IDS_PER_LANE }, (_, id) => `${at}-${id}`);
    this.#place = {
      program: BUILT.jobCli,
      cluster,
      journal: join(folder, `lane-${at}.db`),
      maxServerLagMs: Q_MS,
    };
    this.#watch = new NodeWatch(cluster);
    this.#random = random;
  }

  /** One run, its death, the recovery, and the look at the nodes. False: the run ended before it could be killed. */
  async cycle(): Promise<boolean> {
    this.#creates = !this.#creates;
    const before = new Map(this.ids.map((id) => [id, this.#watch.version(id)]));
    const killed = await this.#runAndKill();
    const recovered = await runJob(this.#place, 'recover', '--wait', '--json');
    expect(recovered, recovered.stderr).toMatchObject({ code: 0 });
    await this.#watch.refresh();
    expect(this.#watch.divergent(this.ids)).toEqual([]);
    this.#compare(before, killed);
    return killed.signal === 'SIGKILL';
  }

  /** The journal is a sound file and nothing in it is open. */
  async isSound(): Promise<void> {
    const check = await runJob(this.#place, 'journal', 'check');
    expect(check, check.stdout + check.stderr).toMatchObject({ code: 0 });
    const open = await runJob(this.#place, 'sagas', '--json');
    expect(open.lines).toMatchObject([{ type: 'summary', sagas: 0 }]);
  }

  async #runAndKill(): Promise<JobEnd> {
    const lines = Math.floor(this.#random() * MAX_TRACE_LINES);
    const waitMs = this.#random() * (lines === 0 ? MAX_START_MS : MAX_JITTER_MS);
    const command = this.#creates ? 'create' : 'delete';
    const job = startJob(this.#place, [command, '--ids', this.ids.join(','), '--json', '--verbose']);
    if (await job.says(({ stderr }) => stderr.split('\n').length > lines)) {
      // The moment itself is what is tested, so here time passes.
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      job.signal('SIGKILL');
    }
    return endOf(job);
  }

  /** Nothing is undone by a run that cannot have done it, and what was reported is so. */
  #compare(before: ReadonlyMap<string, number | null>, run: JobEnd): void {
    const items = itemsOf(run);
    const lost = this.ids.flatMap((id) => {
      const [was, is] = [before.get(id) ?? null, this.#watch.version(id)];
      const item = items.get(id);
      if (item?.status === 'committed') this.acknowledged += 1;
      const wantedAlready = (was !== null) === this.#creates;
      const changed = wantedAlready && was !== is;
      const unfulfilled = item?.status === 'committed' && (is !== null) !== this.#creates;
      const twice = item?.status === 'committed' && wantedAlready;
      return changed || unfulfilled || twice ? [{ id, was, is, item, creates: this.#creates }] : [];
    });
    expect(lost).toEqual([]);
  }
}
