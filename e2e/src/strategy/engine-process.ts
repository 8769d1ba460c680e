import { createInterface } from 'node:readline';
import type { Colour, EngineState, FaultPlan, Phase, SwitchRequest } from '@holdfast/engine-mock';
import { AppProcess, type Ended } from '../app-process.js';
import { now } from '../coordination/now.js';

/** The engine has entered a phase, as its log tells. */
export interface PhaseChange {
  readonly phase: Phase;
  /** The colour that a switch goes to, or that is active. */
  readonly to: Colour;
  /** CLOCK_MONOTONIC in ms; the log is as fine as a millisecond. */
  readonly at: number;
}

const TOKEN = 'a-token-of-the-tests';

/** The engine mock as a process, with its admin over HTTP. */
export class EngineProcess {
  readonly app: AppProcess;
  /** The router's port. */
  readonly port: number;
  /** Every phase since the start. */
  readonly phases: readonly PhaseChange[];
  readonly #adminUrl: string;
  readonly #heard: Set<() => void>;

  private constructor(o: {
    readonly app: AppProcess;
    readonly port: number;
    readonly adminUrl: string;
    readonly log: PhaseLog;
  }) {
    this.app = o.app;
    this.port = o.port;
    this.phases = o.log.phases;
    this.#adminUrl = o.adminUrl;
    this.#heard = o.log.listeners;
  }

  /** Resolves when it listens, on free ports. It is killed, if nothing else has ended it, when the test is over. */
  static async start(...flags: readonly string[]): Promise<EngineProcess> {
    const app = new AppProcess({
      program: 'apps/engine-mock/src/main.ts',
      args: ['--port', '0', '--admin-port', '0', ...flags],
      env: { HOLDFAST_ADMIN_TOKEN: TOKEN },
    });
    const log = readPhases(app);
    const found = (): RegExpExecArray | null => LISTENS.exec(app.stdout);
    await app.says(() => found() !== null);
    const [, port, adminUrl] = found() ?? [];
    if (port === undefined || adminUrl === undefined) throw new Error(`no engine: ${app.stderr}`);
    return new EngineProcess({ app, port: Number(port), adminUrl, log });
  }

  async state(): Promise<EngineState> {
    // The admin's body is this state.
    return (await this.#ask('GET', '/state')) as EngineState;
  }

  /** Begins a switch; during one, the way back. */
  async switch(request: SwitchRequest = {}): Promise<void> {
    await this.#ask('POST', '/switch', request);
  }

  /** Resets the connections of all clients; what they had sent and was not carried out yet is not carried out. */
  async killConnections(): Promise<void> {
    await this.#ask('POST', '/connections/kill');
  }

  async suspend(): Promise<void> {
    await this.#ask('POST', '/suspend');
  }

  async resume(): Promise<void> {
    await this.#ask('POST', '/resume');
  }

  async expireSessions(): Promise<void> {
    await this.#ask('POST', '/sessions/expire');
  }

  /** Replaces all faults. */
  async faults(plan: FaultPlan): Promise<void> {
    await this.#ask('PUT', '/faults', plan);
  }

  /** Resolves with the first change to this phase among those after the first `seen`. */
  async reaches(phase: Phase, seen: number): Promise<PhaseChange> {
    for (;;) {
      const change = this.phases.slice(seen).find((one) => one.phase === phase);
      if (change !== undefined) return change;
      if (this.app.over) throw new Error(`the engine has ended: ${this.app.stderr}`);
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#heard.delete(listener);
          resolve();
        };
        this.#heard.add(listener);
        void this.app.ended.then(listener);
      });
    }
  }

  /** Ends it in good order. */
  stop(): Promise<Ended> {
    return this.app.end('SIGTERM');
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#adminUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}

const LISTENS = /listens on [^:]*:(\d+), admin on (http:\S+)/;

interface PhaseLog {
  readonly phases: PhaseChange[];
  /** Called at each change. */
  readonly listeners: Set<() => void>;
}

/** Follows the engine's log (JSON lines on stderr). */
function readPhases({ child }: AppProcess): PhaseLog {
  const log: PhaseLog = { phases: [], listeners: new Set() };
  if (child.stderr === null) return log;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.includes('"the engine enters a phase"')) return;
    const { time, phase, to, active } = JSON.parse(line) as LogLine;
    log.phases.push({ phase, to: phase === 'steady' ? active : to, at: time - Date.now() + now() });
    for (const listener of [...log.listeners]) listener();
  });
  return log;
}

/** What the engine logs of a phase; wall time in ms. */
interface LogLine {
  readonly time: number;
  readonly phase: Phase;
  readonly to: Colour;
  readonly active: Colour;
}
