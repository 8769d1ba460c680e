import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its key, both in PEM. */
export interface Issued {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Issues certificates for `localhost` and `127.0.0.1`, for servers and clients. */
export interface Authority extends Issued {
  issue(name: string): Issued;
}

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;

/** A certificate authority of its own, made without any tool. */
export function authority(name: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certify = (subject: string, key: KeyObject, extensions: Buffer): Buffer =>
    certificate({ subject, key, issuer: name, issuerKey: pair.privateKey, extensions });
  const isAuthority = extension('551d13', sequence(tlv(0x01, Buffer.of(0xff))), true);
  return {
    cert: certify(name, pair.publicKey, isAuthority),
    key: pemOf(pair.privateKey),
    issue(subject) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.of(127, 0, 0, 1)));
      return {
        cert: certify(subject, own.publicKey, extension('551d11', names, false)),
        key: pemOf(own.privateKey),
      };
    },
  };
}

function certificate(o: {
  readonly subject: string;
  readonly key: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly extensions: Buffer;
}): Buffer {
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(8)])),
    ECDSA_SHA256,
    commonName(o.issuer),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    commonName(o.subject),
    o.key.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(o.extensions)),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, o.issuerKey)]));
  const der = sequence(body, ECDSA_SHA256, signature).toString('base64');
  return Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  );
}

const pemOf = (key: KeyObject): Buffer => Buffer.from(key.export({ type: 'pkcs8', format: 'pem' }));

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

const commonName = (name: string): Buffer =>
  sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))));

const time = (ms: number): Buffer =>
  tlv(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\..*/g, '')}Z`));

const extension = (id: string, content: Buffer, critical: boolean): Buffer =>
  sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, content));
