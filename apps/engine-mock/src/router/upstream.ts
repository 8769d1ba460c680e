import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import { CONNECTION_WINDOW, MAX_SESSION_MEMORY_MB, STREAM_WINDOW } from './http2-limits.js';

/** The router's connection to one deployment, made again when it is lost. */
export class Upstream {
  readonly #authority: string;
  #session: ClientHttp2Session | undefined;

  constructor(port: number) {
    this.#authority = `http://127.0.0.1:${port}`;
  }

  request(headers: IncomingHttpHeaders): ClientHttp2Stream {
    return this.#live().request(headers);
  }

  close(): void {
    this.#session?.destroy();
  }

  #live(): ClientHttp2Session {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const session = connect(this.#authority, {
      maxSessionMemory: MAX_SESSION_MEMORY_MB,
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    });
    session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW));
    // What a lost connection means is told to each of its streams.
    session.on('error', () => {});
    this.#session = session;
    return session;
  }
}
