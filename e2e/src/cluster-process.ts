import type { AppliedEntry, Extension, FaultPlan } from '@holdfast/cluster-sim';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { AppProcess, type Ended } from './app-process.js';

const ADMIN_TOKEN = 'token-of-the-e2e-tests';

export interface ClusterOptions {
  /** Folder of the nodes' files. */
  readonly dataDir: string;
  readonly extensions: 'on' | 'off' | readonly Extension[];
  /** What goes wrong from the start (default nothing). */
  readonly faults?: FaultPlan;
  /** Each node also listens on a port of its own (default false). */
  readonly nodePorts?: boolean;
  /** The shared port (default: a free one). */
  readonly port?: number;
  /** Of the fault dice (default: drawn). */
  readonly seed?: number;
  /** Chance of an own error before the work, by the environment as an operator sets it (default: as in `faults`). */
  readonly randomBehavior?: number;
  /** The program (default: the app's sources). */
  readonly program?: string;
}

/** One answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The cluster as a process of its own, and its nodes as seen by a plain HTTP client. */
export class ClusterProcess {
  readonly app: AppProcess;
  readonly nodes: Readonly<Record<string, string>>;
  readonly url: string;
  readonly #agent = new Agent({ pipelining: 1 });

  private constructor(app: AppProcess, nodes: Readonly<Record<string, string>>, url: string) {
    this.app = app;
    this.nodes = nodes;
    this.url = url;
    onTestFinished(() => this.#agent.destroy());
  }

  /** Starts it and resolves when it listens, which its banner tells. */
  static async start(o: ClusterOptions): Promise<ClusterProcess> {
    const { extensions } = o;
    const app = new AppProcess({
      program: o.program ?? 'apps/cluster-sim/src/main.ts',
      args: [
        ...['--welcome', '--port', String(o.port ?? 0), '--data', o.dataDir],
        ...['--extensions', typeof extensions === 'string' ? extensions : extensions.join(',')],
        ...['--faults', JSON.stringify(o.faults ?? {})],
        ...(o.nodePorts ? ['--node-ports'] : []),
        ...(o.seed === undefined ? [] : ['--seed', String(o.seed)]),
      ],
      env: {
        HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN,
        ...(o.randomBehavior !== undefined && { RANDOM_BEHAVIOR: String(o.randomBehavior) }),
      },
    });
    const listens = await app.says(({ stdout }) => /Try next\n.*\n\n$/s.test(stdout));
    if (!listens) throw new Error(`the cluster did not start: ${app.stderr}`);
    const nodes = [...app.stdout.matchAll(/^ {2}(\S+) +(http:\S+\/v1)$/gm)].map((line) => [line[1], line[2]]);
    const url = /^ {2}docs +(\S+)\/docs$/m.exec(app.stdout)?.[1];
    if (url === undefined) throw new Error(`the banner names no address:\n${app.stdout}`);
    return new ClusterProcess(app, Object.fromEntries(nodes), url);
  }

  /** `node01=url,…`, as `job --nodes` takes it. */
  get nodesFlag(): string {
    return Object.entries(this.nodes)
      .map(([name, url]) => `${name}=${url}`)
      .join(',');
  }

  stop(): Promise<Ended> {
    return this.app.end('SIGTERM');
  }

  /** One request to one node, or to the cluster when no node is named. */
  async send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, o: SendOptions = {}): Promise<Answer> {
    const base = o.node === undefined ? this.url : (this.nodes[o.node] ?? `${this.url}/v1`);
    const { statusCode, body } = await request(`${base}${path}`, {
      method,
      headers: { ...(o.node === undefined ? {} : { node: o.node }), ...o.headers },
      body: o.body ?? null,
      dispatcher: this.#agent,
    });
    return { status: statusCode, text: await body.text() };
  }

  /** Replaces what goes wrong from now on. */
  setFaults(plan: FaultPlan): Promise<void> {
    return this.#admin('PUT', '/admin/faults', JSON.stringify(plan));
  }

  /** `stop` ends one node alone, `start` brings it back, `wipe` empties its disk. */
  actOnNode(node: string, action: 'stop' | 'start' | 'wipe'): Promise<void> {
    return this.#admin('POST', `/admin/nodes/${node}/${action}`);
  }

  /** What was really applied after the entry `after`, oldest first, all pages. */
  async log(after = 0): Promise<AppliedEntry[]> {
    const all: AppliedEntry[] = [];
    for (let next = after; ; ) {
      const path = `/admin/log?limit=10000&after=${next}`;
      const answer = await this.send('GET', path, { headers: AUTHORIZED });
      const page = JSON.parse(answer.text) as LogPage;
      if (page.oldest !== null && page.oldest > next + 1) throw new Error(`entries after ${next} are lost`);
      all.push(...page.entries);
      if (page.entries.length === 0) return all;
      next = page.next;
    }
  }

  async #admin(method: 'PUT' | 'POST', path: string, body?: string): Promise<void> {
    const answer = await this.send(method, path, {
      headers: AUTHORIZED,
      ...(body !== undefined && { body }),
    });
    if (answer.status !== 200)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
  }
}

/** What goes with a request. */
export interface SendOptions {
  readonly node?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface LogPage {
  readonly entries: readonly AppliedEntry[];
  readonly oldest: number | null;
  readonly next: number;
}

const AUTHORIZED = { authorization: `Bearer ${ADMIN_TOKEN}` };
