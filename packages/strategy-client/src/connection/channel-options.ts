import type { ChannelOptions } from '@grpc/grpc-js';
import type { ResolvedConnectOptions } from './options.js';

/**
 * Time between pings, ms. A server with gRPC's default policy takes a ping every 300 s and only while a call is open;
 * it answers more with GOAWAY too_many_pings, which ends the calls on that connection. Load balancers tend to forget a
 * connection that is silent for 350 s. The origin's 30 s without a call suit neither kind of server; whoever has one
 * that allows them sets `keepalive_time_ms` and `keepalive_permit_without_calls` in `grpcOptions`.
 */
const KEEPALIVE_MS = 310_000;

/**
 * How long a ping may stay unanswered, ms. The origin's 900 s would leave a dead peer unnoticed for longer than any
 * deadline; less than this could take a process that is busy decoding for a dead peer.
 */
const KEEPALIVE_TIMEOUT_MS = 30_000;

/**
 * Bytes that the server may send before it is told that they were read. Node's 64 KiB make a batch of 1 MiB wait for
 * sixteen round trips.
 */
const FLOW_CONTROL_WINDOW_BYTES = 4 * 1024 * 1024;

/** The options of the channel of a connection: this client's, and over them the caller's. */
export function channelOptions(o: ResolvedConnectOptions): ChannelOptions {
  return {
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.keepalive_permit_without_calls': 0,
    'grpc.max_receive_message_length': o.maxMessageBytes,
    'grpc.max_send_message_length': o.maxMessageBytes,
    'grpc-node.flow_control_window': FLOW_CONTROL_WINDOW_BYTES,
    // Only what never left this process or the server's HTTP/2 layer refused is sent again below this client. A policy
    // for more could come from the caller, who is refused it, or from DNS, which is not asked.
    'grpc.enable_retries': 1,
    'grpc.service_config_disable_resolution': 1,
    // gRPC's own back-off goes up to two minutes, in which every attempt of a call would be spent in vain.
    'grpc.initial_reconnect_backoff_ms': o.retryBaseMs,
    'grpc.max_reconnect_backoff_ms': o.retryMaxMs,
    // Two connections of a pool are two, also on the network.
    'grpc.use_local_subchannel_pool': 1,
    ...o.grpcOptions,
  };
}
