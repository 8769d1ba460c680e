/**
 * What a backend guarantees, in the words of tooz (`Characteristics`). A driver states only what it truly gives;
 * docs/guarantees.md explains each for each driver.
 */
export const CHARACTERISTICS = [
  /** Coordinators of several threads work together as those of one thread do. */
  'DISTRIBUTED_ACROSS_THREADS',
  /** Coordinators of several processes of one host do. */
  'DISTRIBUTED_ACROSS_PROCESSES',
  /** Coordinators on several hosts do. */
  'DISTRIBUTED_ACROSS_HOSTS',
  /** Nothing depends on the time-out of another client: a dead one is noticed by something firmer. */
  'NON_TIMEOUT_BASED',
  /** Every operation takes effect at one instant between its call and its return. */
  'LINEARIZABLE',
  /** The operations of each process take effect in the order in which it called them. */
  'SEQUENTIAL',
  /** Operations that depend on each other take effect in that order. */
  'CAUSAL',
  /** The history of all operations equals one in which they ran one after the other. */
  'SERIALIZABLE',
  /** Clients on both sides of a network partition see the same data, or none. */
  'SAME_VIEW_UNDER_PARTITIONS',
  /** All clients see the same data, whichever server they are connected to. */
  'SAME_VIEW_ACROSS_CLIENTS',
] as const;

export type Characteristic = (typeof CHARACTERISTICS)[number];
