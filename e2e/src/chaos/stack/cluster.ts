import type { FaultPlan } from '@holdfast/cluster-sim';
import { PROGRAMS } from '../../../../tooling/dev/programs.js';
import type { NodeErrors } from '../plan/planned-fault.js';
import { ADMIN_TOKEN, ERROR_RATE, NODES, type NodeName } from '../setting.js';
import { ask, Refused } from './ask.js';
import { NodeProxy } from './node-proxy.js';
import { freePorts } from './ports.js';
import type { Program, Programs } from './programs.js';

/** Ids per page of a listing. */
const PAGE = 10_000;
/** Attempts to change something, and ms between them. */
const TRIES = 50;
const AGAIN_MS = 100;

/** What is done to the calls of a node. */
export type NodeTrouble = Partial<NodeErrors> & { readonly hang?: number };

/** The nodes as one process that can die and come back on its ports, each behind a proxy. */
export class Cluster {
  readonly proxies: Readonly<Record<NodeName, NodeProxy>>;
  readonly #programs: Programs;
  readonly #dataDir: string;
  readonly #seed: number;
  readonly #ports: readonly number[];
  readonly #troubles = new Map<NodeName, NodeTrouble>();
  #program: Program | null = null;
  /** Resolves when it serves. */
  #ready: Promise<void> = Promise.resolve();
  #serves: () => void = () => {};
  #isAway = false;

  private constructor(o: {
    readonly programs: Programs;
    readonly dataDir: string;
    readonly seed: number;
    readonly ports: readonly number[];
    readonly proxies: Readonly<Record<NodeName, NodeProxy>>;
  }) {
    this.#programs = o.programs;
    this.#dataDir = o.dataDir;
    this.#seed = o.seed;
    this.#ports = o.ports;
    this.proxies = o.proxies;
  }

  static async start(
    programs: Programs,
    o: { readonly dataDir: string; readonly seed: number },
  ): Promise<Cluster> {
    const ports = await freePorts(NODES.length + 1);
    const proxies = await Promise.all(NODES.map((_, at) => NodeProxy.start(ports[at + 1] ?? 0)));
    const byName = Object.fromEntries(NODES.map((name, at) => [name, proxies[at]]));
    const cluster = new Cluster({ ...o, programs, ports, proxies: byName as Record<NodeName, NodeProxy> });
    await cluster.begin();
    return cluster;
  }

  /** `node01=url,…` as workers and commands reach them. */
  get nodes(): string {
    return NODES.map((name) => `${name}=http://127.0.0.1:${this.proxies[name].port}/v1`).join(',');
  }

  /** Starts the process, with what is done to its nodes; resolves when it serves. */
  begin(): Promise<void> {
    const begun = new Promise<void>((resolve, reject) => {
      const program = this.#programs.start({
        name: 'cluster-sim',
        program: PROGRAMS['cluster-sim'],
        args: [
          ...['--port', String(this.#ports[0]), '--data', this.#dataDir, '--extensions', 'on'],
          ...['--node-ports', NODES.map((name, at) => `${name}=${this.#ports[at + 1]}`).join(',')],
          ...['--faults', JSON.stringify(this.#plan), '--seed', String(this.#seed), '--log-level', 'warn'],
        ],
        env: { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN },
        onLine: (line) => {
          if (line.startsWith('cluster-sim listens on ')) resolve();
        },
      });
      this.#program = program;
      void program.ended.then(() => reject(new Error('cluster-sim ended before it served')));
    });
    return begun.then(() => {
      this.#isAway = false;
      this.#serves();
    });
  }

  /** Whether it was killed and does not serve again yet. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#isAway = true;
    this.#ready = new Promise((resolve) => {
      this.#serves = resolve;
    });
    await this.#program?.kill();
  }

  /** Replaces what is done to the calls of one node; an empty one is none. */
  async trouble(node: NodeName, trouble: NodeTrouble): Promise<void> {
    this.#troubles.set(node, trouble);
    await this.#change('PUT', '/admin/faults');
  }

  /** A process that was started again meanwhile has all its nodes. */
  async act(node: NodeName, action: 'stop' | 'start' | 'wipe'): Promise<void> {
    await this.#change('POST', `/admin/nodes/${node}/${action}`);
  }

  /** What a node holds, as its own listing says. */
  async listing(node: NodeName): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query = `node=${node}&limit=${PAGE}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`;
      // The shape is the API's.
      const page = (await ask('GET', `${this.#url}/v1/groups?${query}`)) as Listing;
      ids.push(...page.groups.map(({ groupId }) => groupId));
      after = page.next;
    }
    return ids;
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
  }

  /** Waits for a process that is away, which may also have gone in the midst of an answer. */
  async #change(method: 'PUT' | 'POST', path: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#ready;
      try {
        await ask(method, `${this.#url}${path}`, method === 'PUT' ? this.#plan : undefined);
        return;
      } catch (error) {
        if (error instanceof Refused || attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#ports[0]}`;
  }

  get #plan(): FaultPlan {
    const nodes = [...this.#troubles].map(([name, { delayMs = 0, ...rates }]) => {
      const delay = delayMs === 0 ? {} : { delay: { rate: 0.5, minMs: 0, maxMs: delayMs } };
      return [name, { ...rates, ...delay }] as const;
    });
    return { errorBefore: ERROR_RATE, nodes: Object.fromEntries(nodes) };
  }
}

interface Listing {
  readonly groups: readonly { readonly groupId: string }[];
  readonly next: string | null;
}
