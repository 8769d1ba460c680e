import { JobError } from '../job-error.js';

/** Node name → base URL. */
export type NodeUrls = Readonly<Record<string, string>>;

const MAX_NODES = 64;
const EXAMPLE = 'node01=http://10.0.0.1:8080/v1,node02=http://10.0.0.2:8080/v1';

/**
 * Reads `name=url,name=url`.
 *
 * @throws JobError that names `source`, the part that is wrong and the form.
 */
export function parseNodes(text: string, source: string): NodeUrls {
  const pairs = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): readonly [string, string] => {
      const at = part.indexOf('=');
      if (at < 1) throw unusable(source, `${JSON.stringify(part)} is not name=url`);
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
  return checkNodes(pairs, source);
}

/**
 * Checks names and URLs, wherever they came from.
 *
 * @throws JobError that names `source`, the node and the remedy. A URL with a password is refused without being shown.
 */
export function checkNodes(pairs: readonly (readonly [string, string])[], source: string): NodeUrls {
  if (pairs.length < 1 || pairs.length > MAX_NODES) {
    throw unusable(source, `it names ${pairs.length} nodes, and 1 to ${MAX_NODES} are possible`);
  }
  const nodes = new Map<string, string>();
  for (const [name, url] of pairs) {
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw unusable(
        source,
        `the node name ${JSON.stringify(name)} is not 1 to 64 letters, digits, ".", "_" or "-"`,
      );
    }
    if (nodes.has(name)) throw unusable(source, `the node ${name} is named twice`);
    nodes.set(name, checkUrl(name, url, source));
  }
  return Object.freeze(Object.fromEntries(nodes));
}

function checkUrl(name: string, url: string, source: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && (parsed.username !== '' || parsed.password !== '')) {
    throw unusable(source, `the URL of ${name} has a user or password in it, which is not supported`);
  }
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw unusable(source, `the URL of ${name} is ${JSON.stringify(url)}, which is not an http or https URL`);
  }
  return url.replace(/\/+$/, '');
}

function unusable(source: string, what: string): JobError {
  return new JobError('CONFIG', `${source} cannot be used: ${what}`, { remedy: `Write it as ${EXAMPLE}.` });
}
