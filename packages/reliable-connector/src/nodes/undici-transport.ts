import type { Clock } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import { NodeLane } from './node-lane.js';
import type { NodeReply, NodeRequest, SendOptions, Transport } from './transport.js';

export interface UndiciTransportOptions {
  /** Requests in flight per node; more wait in its queue, each up to its `queueMs`. */
  readonly maxInFlightPerNode: number;
  /** Largest reply body in bytes; a larger one is `silent`. */
  readonly replyBytes: number;
  /** PEM certificates of the authorities to trust for `https:` nodes. Default: those of the host. */
  readonly ca?: string;
  readonly clock: Clock;
}

/**
 * HTTP/1.1 to the nodes, `name → base URL` (a path in it goes before every request's). No request is sent twice, no
 * redirect is followed, nothing is pipelined: what a caller gets is what became of its one attempt (4.2, 4.8).
 */
export function createUndiciTransport(
  nodes: Readonly<Record<string, string>>,
  o: UndiciTransportOptions,
): Transport {
  const { maxInFlightPerNode, replyBytes, ca, clock } = o;
  const options = { maxInFlight: maxInFlightPerNode, replyBytes, ca, clock };
  const lanes = new Map(Object.entries(nodes).map(([name, url]) => [name, new NodeLane(url, options)]));
  return {
    send(node: string, request: NodeRequest, options: SendOptions): Promise<NodeReply> {
      const lane = lanes.get(node);
      if (lane === undefined) return Promise.resolve({ kind: 'not_sent', cause: unknownNode(node) });
      return lane.send(request, options);
    },
    async close(): Promise<void> {
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}

function unknownNode(node: string): Error {
  return new ReliableConnectorError('INVALID_ARGUMENT', `no node is named ${JSON.stringify(node)}`);
}
