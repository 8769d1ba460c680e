import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '@holdfast/cluster-sim';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { Gate } from './gate.js';

/** A cluster of real servers, a gate before it, and the addresses for a connector. */
export interface Stage {
  readonly cluster: ClusterSim;
  readonly gate: Gate;
  /** Through the gate. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Around the gate: the cluster's own ports, which refuse connections while a node is stopped. */
  readonly direct: Readonly<Record<string, string>>;
  /** For journals and other files. */
  readonly folder: string;
}

/** A folder of the test's own, removed when it ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-connector-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Three nodes on free ports, gone when the test ends. Extensions are off, as at the origin, unless the test wants them. */
export async function setStage(o: ClusterSimOptions = {}): Promise<Stage> {
  const stage = await open(o, testFolder());
  onTestFinished(() => close(stage));
  return stage;
}

/**
 * The same for all tests of a file, which use ids of their own; each begins with whole nodes, an open gate, and nothing
 * written down.
 */
export function shareStage(o: ClusterSimOptions = {}): () => Stage {
  let stage: Stage | undefined;
  const shared = (): Stage => {
    if (!stage) throw new Error('the stage is set before the tests, not while they are collected');
    return stage;
  };
  beforeAll(async () => {
    stage = await open(o, mkdtempSync(join(tmpdir(), 'holdfast-connector-')));
  });
  beforeEach(() => {
    shared().gate.pass();
    shared().gate.exchanges.length = 0;
  });
  afterAll(async () => {
    await close(shared());
    rmSync(shared().folder, { recursive: true, force: true });
  });
  return shared;
}

async function open(o: ClusterSimOptions, folder: string): Promise<Stage> {
  const extensions = o.extensions ?? 'off';
  const dataDir = join(folder, 'cluster');
  const cluster = await startClusterSim({ port: 0, nodePorts: true, ...o, extensions, dataDir });
  const listed = extensions === 'on' ? ['timestamp', 'tombstone', 'fence', 'list'] : extensions;
  const gate = new Gate(cluster.url, listed === 'off' ? '' : listed.join(', '));
  const url = await gate.open();
  const nodes = Object.fromEntries(Object.keys(cluster.nodes).map((name) => [name, url]));
  return { cluster, gate, nodes, direct: cluster.nodes, folder };
}

async function close({ cluster, gate }: Stage): Promise<void> {
  await gate[Symbol.asyncDispose]();
  await cluster.close();
}

/** What each node holds of one id: the version of its record, or null. Asked of the nodes, not of a connector. */
export async function held(
  cluster: ClusterSim,
  groupId: string | number,
): Promise<Record<string, number | null>> {
  const versions: Record<string, number | null> = {};
  for (const [node, url] of Object.entries(cluster.nodes)) {
    const answer = await fetch(`${url}/group/${encodeURIComponent(groupId)}`, { headers: { node } });
    await answer.arrayBuffer();
    const made = cluster
      .log()
      .findLast(
        (entry) => entry.node === node && entry.groupId === String(groupId) && entry.applied === 'created',
      );
    versions[node] = answer.status === 200 ? (made?.timestamp ?? Number.NaN) : null;
  }
  return versions;
}

/** Somebody else creates a record on one node. */
export async function plant(
  cluster: ClusterSim,
  node: string,
  groupId: string,
  timestamp: number,
): Promise<void> {
  await write(cluster, node, 'POST', groupId, timestamp);
}

/** Somebody else deletes a record from one node, whatever its version. */
export async function uproot(cluster: ClusterSim, node: string, groupId: string): Promise<void> {
  await write(cluster, node, 'DELETE', groupId, null);
}

async function write(
  cluster: ClusterSim,
  node: string,
  method: 'POST' | 'DELETE',
  groupId: string,
  timestamp: number | null,
): Promise<void> {
  const answer = await fetch(`${cluster.nodes[node]}/group`, {
    method,
    headers: { node, ...(timestamp !== null && { timestamp: String(timestamp) }) },
    body: JSON.stringify({ groupId }),
  });
  if (!answer.ok) throw new Error(`${node} answered ${answer.status}: ${await answer.text()}`);
}
