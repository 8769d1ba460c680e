import { Child, howEnded } from './child.js';
import { DevError } from './dev-error.js';
import { untilHealthy } from './http-look.js';
import { PROGRAMS } from './programs.js';
import type { Settings } from './settings.js';

/** Ms that a server gets to close, its own bound and a little more. */
const STOP_MS = 8_000;
/** Ms that servers without a launcher leave the workers to end. */
const ORPHAN_DELAY_MS = 2_000;

/** Where the servers listen. */
export interface Addresses {
  /** Base URL of the cluster, without `/v1`. */
  readonly cluster: string;
  /** `host:port` of the engine's router. */
  readonly engine: string;
  /** Base URL of its admin. */
  readonly engineAdmin: string;
  readonly clusterPid: number;
  readonly enginePid: number;
}

/** A server that has said where it listens. */
interface Started {
  readonly pid: number;
  /** The groups of the pattern. */
  readonly said: readonly string[];
}

export interface ServersOptions {
  readonly settings: Settings;
  readonly onLine: (name: string, line: string) => void;
  /** Told when one of them has died. */
  readonly onFailure: (error: DevError) => void;
}

/** The cluster and the query engine. The stack is nothing without either, so none is started again. */
export class Servers {
  readonly #o: ServersOptions;
  readonly #children: Child[] = [];
  #isStopping = false;

  constructor(o: ServersOptions) {
    this.#o = o;
  }

  /** Resolves when both answer. @throws the signal's reason. */
  async start(signal: AbortSignal): Promise<Addresses> {
    const level = ['--log-level', this.#o.settings.logLevel];
    const [cluster, engine] = await Promise.all([
      this.#spawn({ name: 'cluster-sim', args: level, says: /^cluster-sim listens on (\S+)$/ }, signal),
      this.#spawn(
        { name: 'engine-mock', args: level, says: /^engine-mock listens on (\S+), admin on (\S+)$/ },
        signal,
      ),
    ]);
    const [clusterUrl = ''] = cluster.said;
    const [address = '', adminUrl = ''] = engine.said;
    await Promise.all([clusterUrl, adminUrl].map((url) => untilHealthy(`${url}/healthz`, signal)));
    return {
      cluster: clusterUrl,
      engine: address,
      engineAdmin: adminUrl,
      clusterPid: cluster.pid,
      enginePid: engine.pid,
    };
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#children.map((child) => child.stop(STOP_MS)));
  }

  kill(): void {
    this.#isStopping = true;
    for (const child of this.#children) child.kill();
  }

  /** Resolves when it has said where it listens. */
  #spawn(
    o: {
      readonly name: 'cluster-sim' | 'engine-mock';
      readonly args: readonly string[];
      readonly says: RegExp;
    },
    signal: AbortSignal,
  ): Promise<Started> {
    const { settings, onLine, onFailure } = this.#o;
    const { name, args, says } = o;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const child: Child = new Child({
        name,
        program: PROGRAMS[name],
        args,
        env: settings.env,
        orphanDelayMs: ORPHAN_DELAY_MS,
        onLine: (line) => {
          const match = says.exec(line);
          if (match === null) return onLine(name, line);
          resolve({ pid: child.pid, said: match.slice(1) });
        },
      });
      this.#children.push(child);
      void child.ended.then((ended) => {
        if (!this.#isStopping) onFailure(new DevError(`${name} ${howEnded(ended)}`));
      });
    });
  }
}
