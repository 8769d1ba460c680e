import { request } from 'undici';
import type { CommandCounts } from './redis-counts.js';

/** Messages that clients have sent since the server started, those on streams among them, as `message`. */
export async function messageCounts(url: string): Promise<CommandCounts> {
  const { body } = await request(`${url}/metrics`);
  const found = (await body.text()).matchAll(/^grpc_server_msg_received_total\{.*\} (\S+)$/gm);
  return new Map([['message', Array.from(found, ([, count]) => Number(count)).reduce((a, b) => a + b, 0)]]);
}
