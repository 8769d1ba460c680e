import type { Redis } from 'ioredis';

/** Calls by the name of the command since the server started, those that scripts make among them. */
export type CommandCounts = ReadonlyMap<string, number>;

export async function commandCounts(client: Redis): Promise<CommandCounts> {
  const text = await client.info('commandstats');
  const found = text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  return new Map(Array.from(found, ([, name, calls]) => [name ?? '', Number(calls)]));
}

/** What was called in between. */
export function since(before: CommandCounts, after: CommandCounts): Readonly<Record<string, number>> {
  const changed = [...after].map(([name, calls]) => [name, calls - (before.get(name) ?? 0)] as const);
  return Object.fromEntries(changed.filter(([, calls]) => calls > 0));
}

/** Calls of some commands, as clients send them. */
export function callsOf(counts: Readonly<Record<string, number>>, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
}
