import { type CallOptions, credentials, type Metadata, type requestCallback } from '@grpc/grpc-js';
import { QueryEngineStub } from '@holdfast/strategy-client/protocol';
import { wallMs } from '../../../harness/clock.js';
import { FakeChannel } from '../fakes/fake-channel.js';
import { FakeTransport } from '../fakes/fake-transport.js';
import { type EngineClient, inside, type QueryLease } from '../fakes/internals.js';
import { NOWHERE, openClient } from '../fakes/open-client.js';
import { StandInEngine } from '../fakes/stand-in-engine.js';
import type { Fake, Sender, Way } from './protocol.js';

/** Sends one call and waits for its answer. */
export type Send = () => Promise<unknown>;
export type Senders = Readonly<Record<Sender, Send>>;

const { GrpcTransport } = await inside('engine/transport');
const { RPCS } = await inside('engine/rpcs');

const OF_QUERY = { engineIP: '127.0.0.1', queryId: 'query-1' };
const OF_CATALOG = { catalog: 'builtin' };
/** As a cursor gives one to every call for rows. */
const { signal } = new AbortController();

/** The ways to send a call over one fake. */
export function openSenders(fake: Fake): Promise<Senders> {
  return fake === 'transport' ? overTransport() : overChannel();
}

/** The recovery alone: what it puts around a transport that answers at once. */
async function overTransport(): Promise<Senders> {
  const transport = new FakeTransport(new StandInEngine());
  const client = await openClient(transport);
  const sessionId = client.sessionOn('blue') ?? '';
  return {
    'bare-routed': () => transport.send(RPCS.schemas.method, { ...OF_CATALOG, sessionId }),
    'bare-leased': () => transport.send(RPCS.batch.method, { ...OF_QUERY, sessionId }),
    ...clientSenders(client),
  };
}

/** All of this package that is between a caller and grpc-js, against a stub with the same Metadata and deadline. */
async function overChannel(): Promise<Senders> {
  const channelOverride = new FakeChannel(new StandInEngine());
  const options = { ...NOWHERE, grpcOptions: { ...NOWHERE.grpcOptions, channelOverride } };
  const client = await openClient(new GrpcTransport(options));
  const sessionId = client.sessionOn('blue') ?? '';
  const stub = new QueryEngineStub('nowhere.invalid:1', credentials.createInsecure(), { channelOverride });
  const schemas = promised(stub.getSchemaNamesV2.bind(stub), client.headers.of('blue'));
  const batch = promised(stub.getNextResultBatch.bind(stub), leaseOf(client).headers);
  return {
    'bare-routed': () => schemas({ ...OF_CATALOG, sessionId }, NOWHERE.controlTimeoutMs),
    'bare-leased': () => batch({ ...OF_QUERY, sessionId }, NOWHERE.statementTimeoutMs),
    ...clientSenders(client),
  };
}

type UnaryMethod<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Res>,
) => unknown;

/** The least that makes a promise of a call of a stub. */
function promised<Req, Res>(
  method: UnaryMethod<Req, Res>,
  headers: Metadata,
): (request: Req, timeoutMs: number) => Promise<Res | undefined> {
  return (request, timeoutMs) =>
    new Promise((resolve, reject) => {
      method(request, headers, { deadline: wallMs() + timeoutMs }, (error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
}

function clientSenders(client: EngineClient): Readonly<Record<Way, Send>> {
  const lease = leaseOf(client);
  return {
    routed: () =>
      client.routed(RPCS.schemas, {
        request: (sessionId) => ({ ...OF_CATALOG, sessionId }),
        signal: undefined,
      }),
    leased: () =>
      client.leased(RPCS.batch, lease, { request: (sessionId) => ({ ...OF_QUERY, sessionId }), signal }),
  };
}

function leaseOf(client: EngineClient): QueryLease {
  const { engineIP, queryId } = OF_QUERY;
  const headers = client.headers.ofQuery('blue', engineIP);
  return { strategy: 'blue', session: client.sessionOn('blue') ?? '', queryId, engineIP, headers };
}
