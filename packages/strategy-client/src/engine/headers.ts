import { Metadata } from '@grpc/grpc-js';
import type { StrategyManager } from '../manager/strategy-manager.js';
import type { Strategy } from '../strategy.js';

/** Builds the engine's headers: once for calls that belong to no query, and once for the queries in a row on one engine. */
export class Headers {
  readonly #manager: StrategyManager;
  readonly #cluster: string;
  readonly #unpinned = new Map<Strategy, Metadata>();
  /** Of the latest query on each deployment: the next one mostly has the same. */
  readonly #latest = new Map<Strategy, { readonly engineIp: string; readonly headers: Metadata }>();
  /** For the ClusterService, which stands outside of both deployments. */
  readonly cluster: Metadata;

  constructor(manager: StrategyManager, cluster: string) {
    this.#manager = manager;
    this.#cluster = cluster;
    this.cluster = this.#metadata({});
  }

  /** Of a call that goes to `strategy` and belongs to no query. Not to be changed. */
  of(strategy: Strategy): Metadata {
    let headers = this.#unpinned.get(strategy);
    if (headers === undefined) {
      headers = this.#metadata({ strategy });
      this.#unpinned.set(strategy, headers);
    }
    return headers;
  }

  /** Of the calls of one query. Not to be changed. */
  ofQuery(strategy: Strategy, engineIp: string): Metadata {
    const latest = this.#latest.get(strategy);
    if (latest?.engineIp === engineIp) return latest.headers;
    const headers = this.#metadata({ strategy, engineIp });
    this.#latest.set(strategy, { engineIp, headers });
    return headers;
  }

  #metadata(parts: { strategy?: Strategy; engineIp?: string }): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of this.#manager.getGrpcHeader({ ...parts, cluster: this.#cluster }))
      metadata.set(name, value);
    return metadata;
  }
}
