import path from 'node:path';
import { JobError } from '../job-error.js';

/** The URL of a coordination backend, the path of a `sqlite:` one absolute. @throws JobError that names `from`. */
export function absoluteUrl(url: string, from: string, folder: string): string {
  if (!URL.canParse(url)) {
    throw new JobError('CONFIG', `${from} is no URL`, {
      remedy: 'Write sqlite:PATH, or redis://host:port.',
    });
  }
  const file = fileOf(url);
  return file === null ? url : sqliteUrl(path.resolve(folder, file), new URL(url).search);
}

/** The path of a `sqlite:` URL, whatever else it says; the driver checks it. Null for other backends. */
export function fileOf(url: string): string | null {
  const parsed = new URL(url);
  if (parsed.protocol !== 'sqlite:') return null;
  try {
    return decodeURIComponent(parsed.host + parsed.pathname);
  } catch {
    return null;
  }
}

/** The URL of a file. */
export function sqliteUrl(file: string, search = ''): string {
  return `sqlite:${file.split('/').map(encodeURIComponent).join('/')}${search}`;
}
