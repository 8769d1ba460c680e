import { PROGRAMS } from '../../../../tooling/dev/programs.js';
import type { WorkerEvent } from '../history/event.js';
import type { Victim } from '../plan/planned-fault.js';
import type { Recorder } from '../recorder.js';
import { INTERVAL_MS, MAX_SERVER_LAG_MS, WORKERS, type WorkerPlace } from '../setting.js';
import { wait } from '../wait.js';
import type { Program, Programs } from './programs.js';
import { readWorkerLine, type WorkerNews } from './worker-log.js';

/** Ms between two looks whether all are ready. */
const LOOK_EVERY_MS = 50;

/** One life of a worker. */
interface Life {
  readonly place: WorkerPlace;
  /** Its name in the group. */
  readonly id: string;
  readonly program: Program;
  /** Leads according to its own log. */
  leads: boolean;
  /** Has changed the cluster in this term. */
  works: boolean;
}

/** The workers, each of which has a place and one life after the other. */
export class Workers {
  readonly #programs: Programs;
  readonly #recorder: Recorder;
  readonly #env: Readonly<Record<string, string>>;
  readonly #lives = new Map<WorkerPlace, Life>();
  readonly #struck = new Set<WorkerPlace>();
  readonly #joined = new Set<WorkerPlace>();
  #born = 0;
  #guards = 0;

  /** @param o.env where nodes, journal, engine and coordination are. */
  constructor(o: {
    readonly programs: Programs;
    readonly recorder: Recorder;
    readonly env: Readonly<Record<string, string>>;
  }) {
    this.#programs = o.programs;
    this.#recorder = o.recorder;
    this.#env = o.env;
  }

  start(place: WorkerPlace): void {
    const id = `${place}-${++this.#born}`;
    const program = this.#programs.start({
      name: place,
      program: PROGRAMS.job,
      args: [
        ...['work', '--json', '--interval', `${INTERVAL_MS}ms`],
        ...['--max-server-lag', `${MAX_SERVER_LAG_MS}ms`],
      ],
      env: { ...this.#env, HOLDFAST_WORKER_ID: id, HOLDFAST_LOG_LEVEL: 'info' },
      onLine: (line) => {
        const news = readWorkerLine(line);
        if (news !== null) this.#heard(life, news);
      },
    });
    const life: Life = { place, id, program, leads: false, works: false };
    this.#lives.set(place, life);
    this.#note(life, 'started');
    void program.ended.then(({ code, signal }) => {
      life.leads = false;
      this.#note(life, 'exited', code === null ? String(signal) : `code ${code}`);
    });
  }

  /** Resolves when all have joined, and one leads. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.#recorder.count('term') === 0 || this.#joined.size < WORKERS.length) {
      await wait(LOOK_EVERY_MS, signal);
    }
  }

  /** Whether one of them leads who is under no fault. */
  get leads(): boolean {
    return this.#free().some((place) => this.#lives.get(place)?.leads);
  }

  /**
   * Whom a fault strikes, who is under no other one then: the leader if there is one, else somebody. Null: one worker at
   * least is to be left alone.
   */
  claim(victim: Victim): WorkerPlace | null {
    const free = this.#free();
    const named = free.find((place) => place === victim);
    return (
      this.#take(victim === 'leader' ? free.find((place) => this.#lives.get(place)?.leads) : named) ??
      this.#take(free[0])
    );
  }

  /** The leader, when it is at work; null also where there is none. */
  claimWorkingLeader(): WorkerPlace | null {
    const isAtWork = (place: WorkerPlace): boolean => {
      const life = this.#lives.get(place);
      return life?.leads === true && life.works;
    };
    return this.#take(this.#free().find(isAtWork));
  }

  /** Leaves those alone who are under no fault, as long as it is on: one of them is to become the next leader. */
  guard(isOn: boolean): void {
    this.#guards += isOn ? 1 : -1;
  }

  /** The fault is over. */
  release(place: WorkerPlace): void {
    this.#struck.delete(place);
  }

  /** kill -9. */
  async kill(place: WorkerPlace): Promise<void> {
    const life = this.#life(place);
    this.#note(life, 'killed');
    await life.program.kill();
  }

  /** SIGSTOP, or SIGCONT. */
  pause(place: WorkerPlace, isOn: boolean): void {
    const life = this.#life(place);
    life.program.pause(isOn);
    this.#note(life, isOn ? 'stopped' : 'continued');
  }

  /** `worker-1-4 (leader)` */
  describe(place: WorkerPlace): string {
    const { id, leads } = this.#life(place);
    return leads ? `${id} (leader)` : id;
  }

  /** All at once, in good order. */
  async stop(): Promise<void> {
    await Promise.all([...this.#lives.values()].map(({ program }) => program.stop()));
  }

  #heard(life: Life, news: WorkerNews): void {
    const { id } = life;
    const at = this.#recorder.at(news.time);
    switch (news.what) {
      case 'joined':
        this.#joined.add(life.place);
        this.#note(life, 'joined');
        break;
      case 'elected':
        for (const other of this.#lives.values()) other.leads = other === life;
        life.works = false;
        this.#recorder.add({ type: 'term', at, id, term: news.term, phase: 'begin' });
        break;
      case 'over':
        life.leads = false;
        this.#recorder.add({ type: 'term', at, id, term: news.term, phase: 'end', detail: news.why });
        break;
      case 'changed': {
        life.works = true;
        const { term, created, deleted, repaired } = news;
        this.#recorder.add({ type: 'run', at, id, term, created, deleted, repaired });
      }
    }
  }

  #free(): readonly WorkerPlace[] {
    const free = WORKERS.filter((place) => !this.#struck.has(place));
    return free.length < 2 || this.#guards > 0 ? [] : free;
  }

  #take(place: WorkerPlace | undefined): WorkerPlace | null {
    if (place === undefined) return null;
    this.#struck.add(place);
    return place;
  }

  #life(place: WorkerPlace): Life {
    const life = this.#lives.get(place);
    if (life === undefined) throw new Error(`${place} was never started`);
    return life;
  }

  #note({ place, id, program }: Life, what: WorkerEvent['what'], detail?: string): void {
    const event = { type: 'worker', at: this.#recorder.now(), worker: place, id, pid: program.pid } as const;
    this.#recorder.add({ ...event, what, ...(detail !== undefined && { detail }) });
  }
}
