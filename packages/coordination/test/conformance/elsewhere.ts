import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';
import { type Peer, peerOver } from '../../src/testing/index.js';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A coordinator in a real process or worker thread of its own. */
export async function elsewhere(where: 'process' | 'thread'): Promise<Peer> {
  return where === 'process' ? inProcess() : inThread();
}

function inProcess(): Peer {
  const child = fork(script('./peer-main.ts'), { execArgv: [...FROM_SOURCE] });
  const ended = once(child, 'exit');
  return peerOver({
    channel: {
      send: (message) => child.send(Object(message)),
      onMessage: (listener) => child.on('message', listener),
    },
    ended,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  });
}

function inThread(): Peer {
  const worker = new Worker(script('./peer-thread.mjs'));
  return peerOver({
    channel: {
      send: (message) => worker.postMessage(message),
      onMessage: (listener) => worker.on('message', listener),
    },
    ended: once(worker, 'exit'),
    close: async () => {
      await worker.terminate();
    },
  });
}
