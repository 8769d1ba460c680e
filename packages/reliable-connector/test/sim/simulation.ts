import type { ConnectorOptions, ReliableConnector } from '../../src/index.js';
import { createMemoryJournal, type MemoryJournal } from '../../src/journal/memory/index.js';
import { openConnector } from '../../src/open-connector.js';
import { DurableState } from './journal/durable.js';
import { countPaths } from './journal/paths.js';
import { type DiskOptions, journalOf } from './journal/sim-journal.js';
import { Judge } from './judge/judge.js';
import type { Invocation } from './load/invocation.js';
import { Outsider } from './load/outsider.js';
import { Users } from './load/users.js';
import { Network } from './network/network.js';
import { SimNode } from './nodes/sim-node.js';
import type { Profile } from './profile.js';
import { Coverage } from './report/coverage.js';
import { Prng } from './world/prng.js';
import { SimProcess } from './world/sim-process.js';
import type { Trace } from './world/trace.js';
import { World } from './world/world.js';

/** One process with its connector. */
export interface Coordinator {
  readonly process: SimProcess;
  /** Null until it is open. */
  connector: ReliableConnector | null;
  /** Why it could not be opened. */
  failure: Error | null;
  /** Its leadership term; null: none. */
  readonly term: bigint | null;
  /** The leadership ends: by its signal. */
  readonly abdicate: () => void;
}

/** The real library in a virtual world: nodes, a network, one journal, and any number of processes on it. */
export class Simulation {
  readonly profile: Profile;
  readonly world: World;
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  readonly journal: MemoryJournal;
  readonly durable = new DurableState();
  readonly coverage = new Coverage();
  readonly outsider = new Outsider((node, groupId) => this.judge.disturbed(node, groupId));
  readonly invocations: Invocation[] = [];
  readonly users: Users;
  readonly judge: Judge;
  readonly coordinators: Coordinator[] = [];
  /** Processes by the number of their OWNER row. */
  readonly #owners = new Map<number, SimProcess>();

  constructor(profile: Profile, trace: Trace) {
    this.profile = profile;
    this.world = new World(trace);
    this.nodes = profile.nodes.map((name) => new SimNode(name, profile.extensions[name] ?? []));
    this.journal = createMemoryJournal({ id: 'simulated-journal', slot: profile.seed & 127 });
    countPaths(this.durable, this.coverage, { isAlive: (owner) => this.#owners.get(owner)?.alive === true });
    const { world, nodes, durable, invocations, outsider: others } = this;
    this.judge = new Judge(
      { world, nodes, durable, invocations, others },
      {
        commitMs: 4 * profile.commitMs[1] + 10,
        fates: (kind) => this.coverage.count('fault', kind),
      },
    );
    this.network = new Network(world, nodes, this.judge, profile);
    this.users = new Users(this);
  }

  /** Starts a process and opens its connector; it is usable once `connector` is set. */
  spawn(
    o: {
      readonly term?: bigint;
      readonly options?: Partial<ConnectorOptions>;
      readonly disk?: Partial<DiskOptions>;
    } = {},
  ): Coordinator {
    const { profile, world } = this;
    const name = `p${this.coordinators.length + 1}`;
    const process = new SimProcess(name, world);
    const leadership = new AbortController();
    const term = o.term ?? null;
    const dice = new Prng(profile.seed, `disk of ${name}`);
    const disk = { dice, commitMs: profile.commitMs, failsAtCommit: null, ...o.disk };
    const coordinator: Coordinator = {
      process,
      connector: null,
      failure: null,
      term,
      abdicate: () => {
        world.trace.add(world.now, name, () => `ends its term ${term}`);
        leadership.abort();
      },
    };
    this.coordinators.push(coordinator);
    const opening = openConnector({
      ...this.#options(process, name),
      journal: journalOf(process, this.journal, this.durable, {
        ...disk,
        joined: (owner) => this.#owners.set(owner, process),
      }),
      ...(term !== null && { leadership: { term, signal: leadership.signal } }),
      ...o.options,
    });
    void opening.then(
      (connector) => {
        coordinator.connector = connector;
      },
      (error: Error) => {
        coordinator.failure = error;
        world.trace.add(world.now, name, () => `cannot open: ${error.message}`);
      },
    );
    return coordinator;
  }

  /** All faults end and all nodes serve; what is under way still lands. */
  heal(): void {
    this.world.trace.add(this.world.now, 'world', () => 'everything is healed');
    this.network.faultRate = 0;
    this.network.director = null;
    this.network.links.clear();
    for (const node of this.nodes) node.mode = 'serving';
  }

  #options(process: SimProcess, name: string): Omit<ConnectorOptions, 'journal'> {
    const { profile } = this;
    return {
      nodes: Object.fromEntries(profile.nodes.map((node) => [node, `http://${node}.example/v1`])),
      clock: process.clock,
      random: new Prng(profile.seed, `random of ${name}`).next,
      transport: this.network.transportOf(process),
      deadlineMs: profile.deadlineMs,
      maxServerLagMs: profile.maxServerLagMs,
      ownErrorsAreFinal: profile.ownErrorsAreFinal,
      proxyMayResend: profile.proxyMayResend,
      fanOut: profile.sequential ? 'sequential' : 'parallel',
      parkAfterMs: profile.parkAfterMs,
      recoverEveryMs: profile.recoverEveryMs,
      maxForwardAgeMs: profile.maxForwardAgeMs,
      retry: { baseMs: 10, capMs: 400, undoCapMs: 1_000, attemptTimeoutMs: profile.attemptTimeoutMs },
    };
  }
}
