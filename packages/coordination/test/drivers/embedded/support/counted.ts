import type { Tables } from '../../../../src/drivers/embedded/tables.js';

/** How often each method of each table was called. */
export type Calls = Readonly<Record<string, number>>;

/** Tables that count what they are asked; `calls` gives the counts since it was last called. */
export function counted(tables: Tables): { tables: Tables; calls: () => Calls } {
  let counts: Record<string, number> = {};
  const counting = <T extends object>(table: T, name: string): T =>
    new Proxy(table, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        const call = `${name}.${String(key)}`;
        return (...args: unknown[]): unknown => {
          counts[call] = (counts[call] ?? 0) + 1;
          return Reflect.apply(member, target, args);
        };
      },
    });
  return {
    tables: {
      groups: counting(tables.groups, 'groups'),
      members: counting(tables.members, 'members'),
      leases: counting(tables.leases, 'leases'),
      queues: counting(tables.queues, 'queues'),
      raiseCounter: (floor) => tables.raiseCounter(floor),
      sweep: (now) => tables.sweep(now),
    },
    calls() {
      const since = counts;
      counts = {};
      return since;
    },
  };
}
