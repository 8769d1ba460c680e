import { ClusterSimError } from './cluster-sim-error.js';

/** The protocol's extensions in the order in which a reply advertises them (4.7). */
export const EXTENSIONS = ['timestamp', 'tombstone', 'fence', 'list'] as const;

/** One extension of the origin's API (4.7). */
export type Extension = (typeof EXTENSIONS)[number];

/** Which extensions are on; with all of them off the cluster answers as the origin does. */
export type ExtensionSet = Readonly<Record<Extension, boolean>>;

/** Name of the response header that advertises the extensions (4.7). */
export const EXTENSIONS_HEADER = 'holdfast-extensions';

/**
 * Reads `on`, `off`, a list, or the same as text with commas (the form of `CLUSTER_EXTENSIONS`).
 *
 * @throws ClusterSimError `INVALID_OPTION` that names the unknown extension.
 */
export function resolveExtensions(value: string | readonly string[]): ExtensionSet {
  const names = typeof value === 'string' ? fromText(value) : value;
  const unknown = names.find((name) => !EXTENSIONS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new ClusterSimError(
      'INVALID_OPTION',
      `extensions: '${unknown}' is not known; use on, off or a list of ${EXTENSIONS.join(', ')}`,
    );
  }
  const has = (name: Extension): boolean => names.includes(name);
  return Object.freeze({
    timestamp: has('timestamp'),
    tombstone: has('tombstone'),
    fence: has('fence'),
    list: has('list'),
  });
}

function fromText(text: string): readonly string[] {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'on') return EXTENSIONS;
  if (trimmed === 'off' || trimmed === '') return [];
  return trimmed.split(',').map((name) => name.trim());
}

/** The value of the advertising header, or undefined when nothing is on and the header is left out. */
export function advertisedExtensions(extensions: ExtensionSet): string | undefined {
  const on = EXTENSIONS.filter((name) => extensions[name]);
  return on.length === 0 ? undefined : on.join(', ');
}
