import { statfs } from 'node:fs/promises';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where a run was made: its absolute figures hold there only. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** File system of the scratch folder: what a durable write costs depends on it. */
  readonly fileSystem: string;
  /** Load of the last minute at the start, of other work on the machine. */
  readonly loadAtStart: number;
}

/** Magic numbers of statfs(2). */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
  801189825: 'zfs',
  26985: 'nfs',
};

export async function describeMachine(folder: string): Promise<Machine> {
  const kind = (await statfs(folder)).type;
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    fileSystem: FILE_SYSTEMS[kind] ?? `type 0x${kind.toString(16)}`,
    loadAtStart: currentLoad(),
  };
}

/** Processes that ran or waited to run, mean of the last minute. */
export function currentLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGiB, system, node, fileSystem, loadAtStart } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, ${fileSystem}, load ${loadAtStart} at the start`;
}
