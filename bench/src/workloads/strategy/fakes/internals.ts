// The package does not export how it sends calls, and its own cost shows only where nothing is sent. So this part of the
// benchmark reaches inside: into the build or the sources, whichever the package's name leads to in this process.
type Inside<Module extends keyof Modules> = Modules[Module];

interface Modules {
  readonly 'engine/engine-client': typeof import('../../../../../packages/strategy-client/src/engine/engine-client.js');
  readonly 'engine/rpcs': typeof import('../../../../../packages/strategy-client/src/engine/rpcs.js');
  readonly 'engine/transport': typeof import('../../../../../packages/strategy-client/src/engine/transport.js');
  readonly 'connection/options': typeof import('../../../../../packages/strategy-client/src/connection/options.js');
}

export type EngineClient = InstanceType<Inside<'engine/engine-client'>['EngineClient']>;
export type EngineTransport = ConstructorParameters<Inside<'engine/engine-client'>['EngineClient']>[2];
export type SendOptions = Parameters<EngineTransport['send']>[2];
export type QueryLease = Parameters<EngineClient['leased']>[1];

const entry = import.meta.resolve('@holdfast/strategy-client');
const ending = entry.endsWith('.ts') ? 'ts' : 'js';

/** A module of the package by its place in it. */
export function inside<Path extends keyof Modules>(path: Path): Promise<Inside<Path>> {
  // The file of this path is the module of this type.
  return import(new URL(`./${path}.${ending}`, entry).href) as Promise<Inside<Path>>;
}
