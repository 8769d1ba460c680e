import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be closed for one client while others still reach it. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections asked for so far. */
  readonly attempts: number;
  /** Cuts what is open and refuses what comes, or takes new connections again. */
  refuse(isRefusing: boolean): void;
}

export async function startTcpProxy(toPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let isRefusing = false;
  let attempts = 0;
  const server = createServer((socket) => {
    attempts += 1;
    if (isRefusing) {
      socket.destroy();
      return;
    }
    const other = connect(toPort, '127.0.0.1');
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get attempts() {
      return attempts;
    },
    refuse(next) {
      isRefusing = next;
      if (next) cut();
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
