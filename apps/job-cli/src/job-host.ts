import type { Command } from 'commander';
import { type FileConfig, readConfigFile } from './config/config-file.js';
import {
  type CoordinationFlags,
  type CoordinationSettings,
  resolveCoordination,
} from './config/coordination-settings.js';
import { type EngineFlags, type EngineSettings, resolveEngineSettings } from './config/engine-settings.js';
import { resolveSettings, type SettingFlags, type Settings } from './config/settings.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { JobIo } from './job-io.js';
import { Output, type OutputFlags } from './output/output.js';

/** The options that every command takes. */
export type GlobalFlags = SettingFlags & OutputFlags & { /** `--config file` */ readonly config?: string };

/** What a command works with. */
export interface Run {
  readonly io: JobIo;
  readonly output: Output;
  /** Nodes, journal and Q; read when first asked for. */
  settings(): Promise<Settings>;
  /** Where the query engine is. */
  engine(flags: EngineFlags): Promise<EngineSettings>;
  /** Where the workers coordinate. */
  coordination(flags: CoordinationFlags): Promise<CoordinationSettings>;
}

/** Runs the body of the chosen command and keeps its exit code. */
export class JobHost {
  readonly io: JobIo;
  /** How the command ended; usage until one has run. */
  exitCode: ExitCode = EXIT.usage;
  /** Of the command that ran, for what is said about a failure; before that the defaults. */
  output: Output;

  constructor(io: JobIo) {
    this.io = io;
    this.output = new Output(io, {});
  }

  /**
   * Called by a command's action. An interrupted command exits 130, whatever its body thought, unless it is one that
   * only a signal ends (`endless`).
   */
  async run(
    command: Command,
    body: (run: Run) => Promise<ExitCode>,
    o: { readonly endless?: boolean } = {},
  ): Promise<void> {
    const flags = command.optsWithGlobals<GlobalFlags>();
    this.output = new Output(this.io, flags);
    const { env, cwd } = this.io;
    let file: Promise<FileConfig> | null = null;
    const readFile = (): Promise<FileConfig> => {
      file ??= readConfigFile(cwd, flags.config);
      return file;
    };
    const exitCode = await body({
      io: this.io,
      output: this.output,
      settings: async () => resolveSettings(flags, env, { cwd, file: await readFile() }),
      engine: async (own) => resolveEngineSettings(own, env, { cwd, file: await readFile() }),
      coordination: async (own) => resolveCoordination(own, env, { cwd, file: await readFile() }),
    });
    this.exitCode = this.io.signal.aborted && o.endless !== true ? EXIT.interrupted : exitCode;
  }
}
