import type { DriverDefinition } from '../driver/index.js';
import type { Peer } from './peer.js';

/** A driver to be judged, and where it stores. */
export interface ConformanceTarget {
  /** Names the driver in titles and in the line of the result. */
  readonly name: string;
  readonly driver: DriverDefinition;
  /**
   * Whether `getCoordinator` finds the driver by the URL's scheme. Default false: the suite gives it in the option
   * `driver`, as the users of a driver from elsewhere do.
   */
  readonly builtIn?: boolean;
  /** Called once, before the first test that runs. */
  open(): Promise<Backend>;
  /** Gets the line that sums up the run, such as `conformance redis: A 1-84: 84 passed`. Default: nobody. */
  readonly report?: (line: string) => void;
}

/** A running store. Every test takes a namespace of its own in it, so that one store serves them all. */
export interface Backend {
  readonly url: string;
  /**
   * A URL behind which no store answers, so that `start()` fails with `CONNECTION`. Left out by a driver that has nothing
   * to connect to: the suite then gives the coordinator a driver whose `open` fails.
   */
  readonly unreachableUrl?: string;
  /**
   * Starts a `Peer` in another process or thread. Needed by a driver that claims `DISTRIBUTED_ACROSS_PROCESSES` or
   * `DISTRIBUTED_ACROSS_THREADS` beyond what one thread can show; there, `servePeer` does the work.
   */
  readonly elsewhere?: (where: 'process' | 'thread') => Promise<Peer>;
  /** Called after the last test: ends the store. */
  close(): Promise<void>;
}
