import { resolveConnectOptions } from '../../src/connection/options.js';
import { EngineClient } from '../../src/engine/engine-client.js';
import { boardOf, StrategyManager } from '../../src/manager/strategy-manager.js';
import type { Routing } from '../../src/routing/routing.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import type { StrategyStoreProvider } from '../../src/stores/strategy-store.js';
import { QUIET, type SimConfig } from './config.js';
import { VirtualEngine } from './engine/virtual-engine.js';
import { Judge } from './judge/judge.js';
import { judgeRest } from './judge/rest.js';
import { Network } from './network/network.js';
import { SimStore } from './network/sim-store.js';
import { Operator } from './operator.js';
import { UserQuery } from './user-query.js';
import type { Scheduler } from './world/choice.js';
import { Prng } from './world/prng.js';
import { SimClock } from './world/sim-clock.js';
import { World } from './world/world.js';

/** One process: its manager, and one connection. */
export interface SimProcess {
  readonly manager: StrategyManager;
  readonly routing: Routing;
  readonly engine: EngineClient;
}

/** The real client in a virtual world: an engine, a network, users, and time. */
export class Simulation {
  readonly config: SimConfig;
  readonly clock = new SimClock();
  readonly world: World;
  readonly engine: VirtualEngine;
  readonly judge: Judge;
  readonly network: Network;
  readonly processes: readonly SimProcess[];
  readonly users: readonly UserQuery[];

  constructor(bounds: Partial<SimConfig>, seed = 0) {
    const config = { ...QUIET, ...bounds };
    this.config = config;
    const { clock } = this;
    this.world = new World(() => this.judge.afterStep());
    this.engine = new VirtualEngine(config);
    const { world, engine } = this;
    const routings = (): Routing[] => (this.processes ?? []).map(({ routing }) => routing);
    this.judge = new Judge({ world, engine, clock, config, routings });
    const { judge } = this;
    this.network = new Network({ world, engine, judge, config, random: new Prng(seed, 'errors').next });
    const { network } = this;
    const store = config.processes > 1 ? new SimStore(judge) : null;
    const alone = inProcessStore();
    this.processes = Array.from({ length: config.processes }, (_, at) =>
      this.#start(at, store?.providerFor(at) ?? alone, new Prng(seed, `process ${at}`).next),
    );
    this.users = config.queries.map((query, at) => {
      const process = this.processes[at % config.processes];
      if (process === undefined) throw new Error('there is no process');
      return new UserQuery(at, query, process.engine, (user) => judge.ended(user));
    });
    for (const user of this.users) world.add(user);
    world.add(network);
    if (store !== null) world.add(store);
    world.add(clock);
    world.add(new Operator({ engine, judge, network, clock, config }));
  }

  /** Runs to the end and judges it. */
  async run(scheduler: Scheduler): Promise<void> {
    if (await this.world.run(scheduler)) judgeRest(this);
    else this.judge.violations.add('it does not come to rest');
    await this.close();
  }

  /** Lets go of what the processes hold. */
  async close(): Promise<void> {
    for (const { engine, manager } of this.processes) {
      void engine.close();
      void manager.close();
    }
  }

  #start(at: number, store: StrategyStoreProvider, random: () => number): SimProcess {
    const { clock, judge, network } = this;
    const place = { host: 'engine.example', port: 1 };
    const options = resolveConnectOptions({ ...place, username: 'u', password: 'p', clock, random, store });
    const manager = new StrategyManager({ target: options.target, store, clock, random });
    const { routing } = boardOf(manager);
    manager.on('switched', ({ to, reason }) => judge.moved(at, to, reason));
    return { manager, routing, engine: new EngineClient(options, manager, network.transportOf(at)) };
  }
}
