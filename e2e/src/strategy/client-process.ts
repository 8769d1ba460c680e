import { AppProcess } from '../app-process.js';
import { Line } from '../coordination/line.js';
import type { ClientCalls, ClientConfig, TestCalls } from './client/protocol.js';

/** A process with a connection of its own to the engine. */
export class ClientProcess {
  readonly name: string;
  readonly line: Line<TestCalls, ClientCalls>;
  readonly #app: AppProcess;

  private constructor(name: string) {
    this.name = name;
    this.#app = new AppProcess({ program: 'e2e/src/strategy/client/main.ts', ipc: true });
    this.line = new Line<TestCalls, ClientCalls>({
      send: (message) => this.#app.child.send(Object(message), () => {}),
      handlers: {},
    });
    this.#app.child.on('message', (message) => this.line.take(message));
    void this.#app.ended.then(({ stderr }) =>
      this.line.cut(new Error(`client ${name} has ended: ${stderr}`)),
    );
  }

  /** Resolves when it has a connection. It is killed, if nothing else has ended it, when the test is over. */
  static async start(config: ClientConfig): Promise<ClientProcess> {
    const client = new ClientProcess(config.name);
    await client.line.call('begin', config);
    return client;
  }

  /** Closes the connection; resolves, when the process has ended by itself, with what is wrong about that. */
  async close(): Promise<string[]> {
    await this.line.call('close');
    const { code, signal, stderr } = await this.#app.ended;
    return code === 0 && stderr === '' ? [] : [`${this.name} ended with ${code ?? signal}: ${stderr}`];
  }
}
