import type { SwitchRequest } from '@holdfast/engine-mock';
import { PROGRAMS } from '../../../../tooling/dev/programs.js';
import type { Colour } from '../history/event.js';
import type { Recorder } from '../recorder.js';
import { ADMIN_TOKEN } from '../setting.js';
import { ask, Refused } from './ask.js';
import type { Program, Programs } from './programs.js';

/** So that a result has several batches, and its reader meets switches. */
const BATCH_ROWS = 250;

/** The query engine. It lives as long as the run. */
export class Engine {
  /** `host:port` of the router. */
  readonly address: string;
  readonly adminUrl: string;
  readonly #program: Program;

  private constructor(program: Program, address: string, adminUrl: string) {
    this.#program = program;
    this.address = address;
    this.adminUrl = adminUrl;
  }

  static start(
    programs: Programs,
    o: { readonly dataDir: string; readonly seed: number; readonly recorder: Recorder },
  ): Promise<Engine> {
    return new Promise((resolve, reject) => {
      const program = programs.start({
        name: 'engine-mock',
        program: PROGRAMS['engine-mock'],
        args: [
          ...['--port', '0', '--admin-port', '0', '--data', o.dataDir, '--seed', String(o.seed)],
          ...['--batch-rows', String(BATCH_ROWS)],
        ],
        env: { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN },
        onLine: (line) => {
          notePhase(line, o.recorder);
          const [, address, url] = /^engine-mock listens on (\S+), admin on (\S+)$/.exec(line) ?? [];
          if (address !== undefined && url !== undefined) resolve(new Engine(program, address, url));
        },
      });
      void program.ended.then(() => reject(new Error('engine-mock ended before it served')));
    });
  }

  /** False: it was on its way there already. */
  async switch(request: SwitchRequest): Promise<boolean> {
    try {
      await ask('POST', `${this.adminUrl}/switch`, request);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return false;
      throw error;
    }
  }

  /** Delays calls; a rate of 0 none. */
  async delay(rate: number, delayMs: number): Promise<void> {
    const rules = rate === 0 ? [] : [{ kind: 'delay', rate, delayMs }];
    await ask('PUT', `${this.adminUrl}/faults`, rules);
  }

  /** How often each text was executed; the engine keeps the last 100,000. */
  async executions(): Promise<Readonly<Record<string, number>>> {
    // The shape is the admin's.
    const state = (await ask('GET', `${this.adminUrl}/state`)) as { executions: Record<string, number> };
    return state.executions;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}

/** The engine's log tells each phase that it enters. */
function notePhase(line: string, recorder: Recorder): void {
  if (!line.includes('"the engine enters a phase"')) return;
  const { time, phase, active, from, to } = JSON.parse(line) as PhaseLine;
  recorder.add({
    type: 'colour',
    at: recorder.at(time),
    // New queries go to the new colour as soon as the old one only drains.
    active: active ?? (phase === 'drain' ? to : from) ?? 'blue',
    phase,
    next: active === undefined ? (to ?? null) : null,
  });
}

/** `steady` names `active`, the others `from` and `to`. */
interface PhaseLine {
  readonly time: number;
  readonly phase: string;
  readonly active?: Colour;
  readonly from?: Colour;
  readonly to?: Colour;
}
