import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as forward } from 'undici';

/** One request as a node's address got it. */
export interface Exchange {
  readonly node: string;
  readonly method: string;
  /** With the `/v1` of the base URL. */
  readonly path: string;
  /** What a record or a fence depends on; undefined: the header was not sent. */
  readonly timestamp: string | undefined;
  readonly fence: string | undefined;
  readonly body: string;
  /** Status that the caller was given; null: none. */
  status: number | null;
}

/**
 * What becomes of a request: `pass`, it is the node's; `lose`, the node works and its reply is reset; `reset` and `hang`
 * never reach the node; else this error in the node's own shape.
 */
export type Fate = 'pass' | 'lose' | 'reset' | 'hang' | number;

export type Rule = (exchange: Exchange) => Fate | Promise<Fate>;

const PASS: Rule = () => 'pass';

/** A real server before a cluster that writes down every request and, by a rule, comes between. */
export class Gate implements AsyncDisposable {
  /** In the order of their arrival. */
  readonly exchanges: Exchange[] = [];
  rule: Rule = PASS;
  /** Most requests to one node that were in flight at once. */
  mostInFlight = 0;
  readonly #upstream: string;
  readonly #advertised: string;
  readonly #agent = new Agent({ connections: 256 });
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => request.socket.resetAndDestroy());
  });
  readonly #inFlight = new Map<string, number>();

  /** `advertised`: the extensions that its own errors go on telling of, as the node would. */
  constructor(upstream: string, advertised: string) {
    this.#upstream = upstream;
    this.#advertised = advertised;
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** All requests go through again. */
  pass(): void {
    this.rule = PASS;
  }

  /** Requests to `/group` so far, or those of one verb. */
  calls(method?: string): readonly Exchange[] {
    return this.exchanges.filter((one) => method === undefined || one.method === method);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#agent.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await read(request);
    this.exchanges.push(exchange);
    const { node } = exchange;
    const inFlight = (this.#inFlight.get(node) ?? 0) + 1;
    this.#inFlight.set(node, inFlight);
    this.mostInFlight = Math.max(this.mostInFlight, inFlight);
    try {
      await this.#answer(request, response, exchange, await this.rule(exchange));
    } finally {
      this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
    fate: Fate,
  ): Promise<void> {
    if (fate === 'hang') return;
    if (fate === 'reset') return void request.socket.resetAndDestroy();
    if (typeof fate === 'number') {
      const body = JSON.stringify({ message: 'said by the gate', status: fate });
      const headers = { 'content-type': 'application/json', 'holdfast-extensions': this.#advertised };
      exchange.status = fate;
      response.writeHead(fate, headers).end(body);
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !['connection', 'host'].includes(name)),
    );
    const answer = await forward(`${this.#upstream}${exchange.path}`, {
      method: exchange.method as 'GET',
      headers,
      body: exchange.body === '' ? null : exchange.body,
      dispatcher: this.#agent,
    });
    const body = await answer.body.text();
    if (fate === 'lose') return void request.socket.resetAndDestroy();
    const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = answer.headers;
    exchange.status = answer.statusCode;
    response.writeHead(answer.statusCode, kept).end(body);
  }
}

async function read(request: IncomingMessage): Promise<Exchange> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk;
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    node: header('node') ?? '',
    method: request.method ?? '',
    path: request.url ?? '',
    timestamp: header('timestamp'),
    fence: header('holdfast-fence'),
    body,
    status: null,
  };
}
