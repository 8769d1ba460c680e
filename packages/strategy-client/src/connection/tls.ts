import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ChannelCredentials } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';
import type { ResolvedConnectOptions } from './options.js';

/** Largest PEM file or text; the whole of a system's trust is about 250 KB. */
const MAX_PEM_BYTES = 4 * 1024 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

type Source = 'sslCert' | 'sslClientCert' | 'sslKey';

/**
 * The credentials of a channel: none, or TLS with the certificates of the options. Reads their files, once. Throws
 * `INVALID_ARGUMENT` for a file that cannot be read, is no PEM, or a key that is not the certificate's; else a wrong file
 * would show only as a connection that never comes about.
 */
export function channelCredentials(o: ResolvedConnectOptions): ChannelCredentials {
  if (!o.secure) return ChannelCredentials.createInsecure();
  const ca = o.sslCert === undefined ? null : pem('sslCert', o.sslCert);
  if (ca !== null) certificatesOf('sslCert', o.sslCert, ca);
  if (o.sslClientCert === undefined || o.sslKey === undefined) return ChannelCredentials.createSsl(ca);
  const chain = pem('sslClientCert', o.sslClientCert);
  const key = pem('sslKey', o.sslKey);
  const [own] = certificatesOf('sslClientCert', o.sslClientCert, chain);
  if (!own?.checkPrivateKey(keyOf(o.sslKey, key)))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `sslKey${at(o.sslKey)} is not the key of sslClientCert${at(o.sslClientCert)}; give the two that belong together, the own certificate first in its file`,
    );
  return ChannelCredentials.createSsl(ca, key, chain);
}

function pem(name: Source, source: unknown): Buffer {
  const bytes = source instanceof Uint8Array ? Buffer.from(source) : fileBytes(name, source);
  if (bytes.length <= MAX_PEM_BYTES) return bytes;
  throw invalid(name, source, `has ${bytes.length} bytes; give at most ${MAX_PEM_BYTES}`);
}

function fileBytes(name: Source, path: unknown): Buffer {
  if (typeof path !== 'string') throw invalid(name, path, `is ${typeof path}; give a path or bytes`);
  // Not shown: it may be the key itself.
  if (path.includes('-----BEGIN'))
    throw invalid(name, undefined, 'is PEM text where a path belongs; give its bytes: Buffer.from(text)');
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > MAX_PEM_BYTES)
      throw invalid(name, path, `is no file of at most ${MAX_PEM_BYTES} bytes; give the path of a PEM file`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof StrategyClientError) throw error;
    throw invalid(
      name,
      path,
      'cannot be read; give the path of a PEM file that this process may read',
      error,
    );
  }
}

function certificatesOf(name: Source, source: unknown, bytes: Buffer): X509Certificate[] {
  try {
    const found = bytes.toString('latin1').match(CERTIFICATE) ?? [];
    if (found.length > 0) return found.map((one) => new X509Certificate(one));
  } catch (error) {
    throw invalid(name, source, 'holds a damaged certificate; get the file anew', error);
  }
  throw invalid(name, source, 'holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)');
}

function keyOf(source: unknown, bytes: Buffer): KeyObject {
  try {
    return createPrivateKey(bytes);
  } catch {
    // Without the cause: what a library says about a key may quote it.
    throw invalid(
      'sslKey',
      source,
      'holds no private key in PEM form, or an encrypted one; decrypt it first',
    );
  }
}

const invalid = (name: Source, source: unknown, why: string, cause?: unknown): StrategyClientError =>
  new StrategyClientError('INVALID_ARGUMENT', `${name}${at(source)} ${why}`, { cause });

const at = (source: unknown): string => (typeof source === 'string' ? ` (${source})` : '');
