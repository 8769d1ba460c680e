import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** One whole request as it stood on the wire. */
export interface SeenRequest {
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
  /** Counts from 1, in the order of the connections. */
  readonly connection: number;
}

/** What is done with a request; by default nothing, so that it hangs. */
export type Script = (request: SeenRequest) => void;

/** A node that speaks raw TCP, so that a test decides each byte, FIN and RST. Listens on a free port of the loopback. */
export class TcpNode {
  readonly requests: SeenRequest[] = [];
  connections = 0;
  /** Called at each new connection. */
  onConnection: (socket: Socket) => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #arrivals = new EventEmitter();
  #script: Script;

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  static async listen(script: Script = () => undefined): Promise<TcpNode> {
    const node = new TcpNode(script);
    node.#server.listen(0, '127.0.0.1');
    await once(node.#server, 'listening');
    return node;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the node does not listen');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  set script(script: Script) {
    this.#script = script;
  }

  /** Resolves when so many requests have been read in all. */
  async seen(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#arrivals, 'request');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    const connection = this.connections;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const head = text.slice(0, headEnd);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (text.length < headEnd + 4 + length) return;
        const body = text.slice(headEnd + 4, headEnd + 4 + length);
        text = text.slice(headEnd + 4 + length);
        const request = { head, body, socket, connection };
        this.requests.push(request);
        this.#arrivals.emit('request');
        this.#script(request);
      }
    });
    socket.on('end', () => socket.end());
    this.onConnection(socket);
  }
}

/** The text of a whole reply with its right length. */
export function replyText(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

export const CREATED_REPLY: string = replyText(201, 'CREATED\n', {
  'content-type': 'text/html; charset=utf-8',
});

/** Answers every request with 201. */
export const created: Script = ({ socket }) => {
  socket.write(CREATED_REPLY);
};
