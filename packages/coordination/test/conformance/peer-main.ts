import { parentPort } from 'node:worker_threads';
import { type Channel, servePeer } from '../../src/testing/index.js';

/** What runs in the other process or thread. */
const port = parentPort;
const channel: Channel = port
  ? {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', listener),
    }
  : {
      send: (message) => process.send?.(message),
      onMessage: (listener) => process.on('message', listener),
    };
servePeer(channel);
