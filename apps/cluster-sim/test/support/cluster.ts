import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '../../src/index.js';

export const ADMIN_TOKEN = 'token-of-the-tests';

/** A folder of its own, removed when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-sim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A cluster on a free port in a folder of its own, closed when the test ends. */
export async function startCluster(options: ClusterSimOptions = {}): Promise<ClusterSim> {
  const dataDir = options.dataDir ?? tempFolder();
  const cluster = await startClusterSim({ port: 0, adminToken: ADMIN_TOKEN, ...options, dataDir });
  onTestFinished(() => cluster.close());
  return cluster;
}
