import { type Both, type EngineMock, startEngineMock } from '@holdfast/engine-mock';
import { hostMs } from '../harness/clock.js';
import { serveWorker } from '../harness/worker-host.js';
import type { EngineCounts, EngineWorker } from './engine-protocol.js';

let opened: EngineMock | null = null;

function engine(): EngineMock {
  if (opened === null) throw new Error('open() comes first');
  return opened;
}

function counts(): EngineCounts {
  const state = engine().state();
  const sum = ({ blue, green }: Both<number>): number => blue + green;
  return {
    calls: Object.fromEntries(Object.entries(state.calls).map(([rpc, each]) => [rpc, sum(each)])),
    executions: Object.values(state.executions).reduce((total, one) => total + one, 0),
    authentications: sum(state.authentications),
    mismatches: sum(state.mismatches) + state.mismatches.none,
    runningQueries: sum(state.runningQueries),
    switches: state.switches,
  };
}

serveWorker<EngineWorker>({
  async open() {
    opened = await startEngineMock({ port: 0, adminPort: false });
    return opened.port;
  },
  async switch(request) {
    const at = hostMs();
    engine().switch(request);
    return at;
  },
  counts: async () => counts(),
  close: async () => engine().close(),
});
