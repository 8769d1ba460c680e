import { JobError } from '../job-error.js';

/** Where something listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`, `[::1]:port` too. @throws JobError that names `source`. */
export function parseHostPort(text: string, source: string): HostPort {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new JobError('CONFIG', `${source} is ${JSON.stringify(text)}, which is not host:port`, {
    remedy: 'Write it as 127.0.0.1:50051, with a port from 1 to 65535.',
  });
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatHostPort({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Reads a port of the environment, `least` to 65535; `fallback` where it is not set. @throws JobError by name. */
export function envPort(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  least = 1,
): number {
  const text = env[name] || String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
  throw new JobError('CONFIG', `${name} is ${JSON.stringify(text)}, which is not a port`, {
    remedy: `Set it to ${least} to 65535 (default ${fallback}), or unset it.`,
  });
}
