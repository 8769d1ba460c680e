import { parentPort } from 'node:worker_threads';
import { createClient } from './client.js';

const port = parentPort;
if (port === null) throw new Error('this is the program of a thread');
const line = createClient({
  send: (message) => port.postMessage(message),
  closed: () => port.close(),
});
port.on('message', (message) => line.take(message));
