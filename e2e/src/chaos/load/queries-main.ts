import { connect } from '@holdfast/strategy-client';
import { lane } from './queries.js';

/** Ad-hoc queries from a process of its own, each end of one as a line; SIGTERM lets the running ones end. */
const LANES = 8;

const [host = '', port = '', seed = ''] = process.argv.slice(2);
const calm = new AbortController();
process.on('SIGTERM', () => calm.abort());
const connection = connect({ host, port: Number(port), username: 'holdfast', password: 'holdfast' });
const lanes = Array.from({ length: LANES }, (_, n) =>
  lane(connection, {
    n,
    seed: Number(seed),
    calm: calm.signal,
    ended: (end) => void process.stdout.write(`${JSON.stringify(end)}\n`),
  }),
);
await Promise.all(lanes);
await connection.close();
process.disconnect?.();
