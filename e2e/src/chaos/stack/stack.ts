import path from 'node:path';
import type { Coordination, Mutation } from '../history/history.js';
import type { Recorder } from '../recorder.js';
import { ADMIN_TOKEN, LEASE_MS, WORKERS } from '../setting.js';
import { Cluster } from './cluster.js';
import { Engine } from './engine.js';
import { Programs } from './programs.js';
import { Redis } from './redis.js';
import { Workers } from './workers.js';

export interface StackOptions {
  readonly folder: string;
  readonly coordination: Coordination;
  readonly seed: number;
  readonly mutation: Mutation | null;
  readonly recorder: Recorder;
}

/** Ms until all have joined and one leads. */
const READY_MS = 60_000;

/** Everything that runs: servers, then workers; and the other way round at the end. */
export class Stack {
  readonly folder: string;
  readonly programs: Programs;
  readonly coordinationUrl: string;
  readonly cluster: Cluster;
  readonly engine: Engine;
  readonly redis: Redis | null;
  readonly workers: Workers;

  private constructor(o: {
    readonly folder: string;
    readonly programs: Programs;
    readonly coordinationUrl: string;
    readonly cluster: Cluster;
    readonly engine: Engine;
    readonly redis: Redis | null;
    readonly recorder: Recorder;
  }) {
    this.folder = o.folder;
    this.programs = o.programs;
    this.coordinationUrl = o.coordinationUrl;
    this.cluster = o.cluster;
    this.engine = o.engine;
    this.redis = o.redis;
    this.workers = new Workers({ programs: o.programs, recorder: o.recorder, env: this.env });
  }

  /** Resolves when a worker leads. Whatever was started before a failure is ended again. */
  static async start(o: StackOptions, signal: AbortSignal): Promise<Stack> {
    const { folder, seed, mutation, recorder } = o;
    const programs = new Programs({ folder: path.join(folder, 'logs'), recorder, mutation });
    let redis: Redis | null = null;
    try {
      redis = o.coordination === 'redis' ? await Redis.start(programs, path.join(folder, 'redis')) : null;
      const coordinationUrl = redis?.url ?? `sqlite:${path.join(folder, 'coordination.db')}`;
      const [cluster, engine] = await Promise.all([
        Cluster.start(programs, { dataDir: path.join(folder, 'cluster'), seed }),
        Engine.start(programs, { dataDir: path.join(folder, 'engine'), seed, recorder }),
      ]);
      const stack = new Stack({ folder, programs, coordinationUrl, cluster, engine, redis, recorder });
      for (const place of WORKERS) stack.workers.start(place);
      await stack.workers.ready(AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]));
      return stack;
    } catch (error) {
      await redis?.end('SIGKILL');
      await programs.killAll();
      throw error;
    }
  }

  /** What workers and commands have to know. */
  get env(): Readonly<Record<string, string>> {
    return {
      HOLDFAST_NODES: this.cluster.nodes,
      HOLDFAST_JOURNAL: path.join(this.folder, 'journal.db'),
      HOLDFAST_ENGINE: this.engine.address,
      HOLDFAST_ENGINE_ADMIN: new URL(this.engine.adminUrl).host,
      HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN,
      HOLDFAST_LEASE_MS: String(LEASE_MS),
      COORDINATION_URL: this.coordinationUrl,
    };
  }

  /** In good order; resolves when all are gone, however that went. */
  async stop(): Promise<void> {
    try {
      await this.workers.stop();
      await Promise.all([this.cluster.stop(), this.engine.stop()]);
    } finally {
      await this.kill();
    }
  }

  /** At once. */
  async kill(): Promise<void> {
    await this.redis?.end('SIGTERM');
    await this.programs.killAll();
  }

  /** What still lives, by name and pid. */
  living(): readonly string[] {
    return [...this.programs.living(), ...(this.redis?.living ?? [])];
  }
}
