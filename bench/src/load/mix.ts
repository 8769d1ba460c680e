/** One request of the mix. */
export interface MixRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** GETs are far enough behind the POSTs to find a record, and before the DELETEs, which have come to two fifths of them. */
const READ_AT = 3 / 4;
const NODES = ['node01', 'node02', 'node03'] as const;
const KINDS = ['POST', 'GET', 'POST', 'DELETE', 'POST', 'GET', 'POST', 'DELETE', 'POST', 'GET'] as const;

/**
 * 50 % POST of new ids, 30 % GET and 20 % DELETE of ids that are there, without end; load/mix.lua is the same for wrk.
 *
 * @param prefix makes the ids of this run its own.
 */
export function* mix(prefix: string): Generator<MixRequest, never, void> {
  let posted = 0;
  let deleted = 0;
  for (let n = 0; ; n += 1) {
    const method = KINDS[n % KINDS.length] ?? 'POST';
    if (method === 'POST') yield write(method, prefix, ++posted);
    else if (method === 'DELETE') yield write(method, prefix, ++deleted);
    else yield read(prefix, Math.ceil(posted * READ_AT));
  }
}

function write(method: 'POST' | 'DELETE', prefix: string, number: number): MixRequest {
  const timestamp = (1_700_000_000 + number / 1000).toFixed(3);
  const headers = { node: nodeOf(number), timestamp, 'content-type': 'application/json' };
  return { method, path: '/v1/group', headers, body: `{"groupId":"${prefix}${number}"}` };
}

function read(prefix: string, number: number): MixRequest {
  const headers = { node: nodeOf(number) };
  return { method: 'GET', path: `/v1/group/${prefix}${number}`, headers, body: null };
}

function nodeOf(number: number): string {
  return NODES[number % NODES.length] ?? NODES[0];
}
