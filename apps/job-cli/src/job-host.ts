import type { Command } from 'commander';
import { resolveSettings, type SettingFlags, type Settings } from './config/settings.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { JobIo } from './job-io.js';
import { Output, type OutputFlags } from './output/output.js';

/** The options that every command takes. */
export type GlobalFlags = SettingFlags & OutputFlags;

/** What a command works with. */
export interface Run {
  readonly io: JobIo;
  readonly output: Output;
  /** Nodes, journal and Q; read when first asked for. */
  settings(): Promise<Settings>;
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
    let settings: Promise<Settings> | null = null;
    const exitCode = await body({
      io: this.io,
      output: this.output,
      settings: () => {
        settings ??= resolveSettings(flags, this.io.env, this.io.cwd);
        return settings;
      },
    });
    this.exitCode = this.io.signal.aborted && o.endless !== true ? EXIT.interrupted : exitCode;
  }
}
