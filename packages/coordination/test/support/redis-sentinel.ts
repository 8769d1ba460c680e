import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { end, freePort, launch, type RedisServer, startRedis } from './redis-server.js';

export interface StartSentinelOptions {
  /** How many sentinels; a majority of them elects who does the failover. Default 1. */
  readonly sentinels?: number;
  /** How long the master is silent until it counts as down, ms. Default 300. */
  readonly downAfterMs?: number;
  /** Password of the data servers. Default none. */
  readonly password?: string;
}

/** A master, its replica and sentinels over both. */
export interface SentinelCluster {
  /** What the sentinels call the master. */
  readonly name: string;
  readonly ports: readonly number[];
  /** `redis://127.0.0.1:PORT?sentinel=NAME&sentinel_fallback=…`, as tooz has it. */
  readonly url: string;
  /** The master at the start. */
  readonly first: RedisServer;
  /** The replica at the start. */
  readonly second: RedisServer;
  /** Kills the first server; resolves with the new master's port once all sentinels have named it. */
  failover(): Promise<number>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const NAME = 'holdfast-master';

export async function startSentinel(options: StartSentinelOptions = {}): Promise<SentinelCluster> {
  const { sentinels = 1, downAfterMs = 300, password } = options;
  const auth = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
  const first = await startRedis({ args: [...auth, '--repl-diskless-sync-delay', '0'] });
  const second = await startRedis({
    args: [...auth, '--replicaof', `127.0.0.1 ${first.port}`, '--repl-diskless-sync-delay', '0'],
  });
  await replicating(second.port, password);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sentinel-'));
  const nodes: { readonly port: number; readonly child: ChildProcess }[] = [];
  for (let at = 0; at < sentinels; at++) {
    const port = await freePort();
    const file = join(folder, `${port}.conf`);
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${first.port} ${Math.floor(sentinels / 2) + 1}`,
      `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
      `sentinel failover-timeout ${NAME} 2000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} ${password}`]),
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    nodes.push({ port, child: await launch('redis-sentinel', [file]) });
  }
  const ports = nodes.map((node) => node.port);
  await Promise.all(ports.map((port) => knows(port, sentinels - 1)));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => end(node.child)));
    await Promise.all([first.stop(), second.stop(), rm(folder, { recursive: true, force: true })]);
  };
  const fallbacks = ports.slice(1).map((port) => `&sentinel_fallback=127.0.0.1:${port}`);
  return {
    name: NAME,
    ports,
    url: `redis://127.0.0.1:${ports[0]}?sentinel=${NAME}${fallbacks.join('')}`,
    first,
    second,
    async failover() {
      const watched = await Promise.all(ports.map(watchSwitch));
      await first.kill();
      const masters = await Promise.all(watched.map((one) => one.master));
      return masters[0] ?? second.port;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Resolves when the replica has its master's data. */
async function replicating(port: number, password: string | undefined): Promise<void> {
  const replica = new Redis({ port, ...(password === undefined ? {} : { password }) });
  try {
    await until(async () => (await replica.info('replication')).includes('master_link_status:up'));
  } finally {
    replica.disconnect();
  }
}

/** Resolves when a sentinel has found the replica and the other sentinels. */
async function knows(port: number, others: number): Promise<void> {
  const sentinel = new Redis({ port });
  try {
    await until(async () => {
      const info = await sentinel.info('sentinel');
      return info.includes(`slaves=1,sentinels=${others + 1}`);
    });
  } finally {
    sentinel.disconnect();
  }
}

/** Resolves when it listens; `master` then with the port of the next master. */
async function watchSwitch(port: number): Promise<{ readonly master: Promise<number> }> {
  const sentinel = new Redis({ port });
  const master = new Promise<number>((resolve) => {
    sentinel.on('message', (_channel, text) => {
      sentinel.disconnect();
      resolve(Number(text.split(' ').at(-1)));
    });
  });
  await sentinel.subscribe('+switch-master');
  return { master };
}

/** Servers tell these only when asked. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20));
}
