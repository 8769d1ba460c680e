import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const PYTHON = '/usr/bin/python3';
const PLUGIN = '/usr/bin/grpc_python_plugin';
const PROGRAM = fileURLToPath(new URL('origin.py', import.meta.url));
const PROTOCOL = fileURLToPath(new URL('../../../../packages/strategy-client/src/protocol', import.meta.url));
const REMEDY =
  'these tests need gRPC for Python: apt-get install python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc';

/** How a call ended: the fields of its reply that are set, bytes in hexadecimal; or a status. */
export interface Outcome {
  readonly reply?: Readonly<Record<string, unknown>>;
  readonly code?: string;
  readonly details?: string;
}

/** How a query went. */
export interface QueryOutcome {
  /** What each step's reply announced; null for nothing. */
  readonly announced: Readonly<Record<string, string | null>>;
  /** Bytes in hexadecimal. */
  readonly metadata?: string;
  readonly batches?: readonly string[];
  readonly failed?: Outcome & { readonly rpc: string };
}

interface Orders {
  connect(args: { readonly address: string }): { readonly grpc: string };
  call(args: {
    readonly rpc: string;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly headers: readonly (readonly [string, string])[];
    readonly service?: string;
  }): Outcome;
  query(args: {
    readonly strategy: string;
    readonly sql: string;
    readonly user: string;
    readonly password: string;
    readonly cluster?: string;
  }): QueryOutcome;
}

interface Answer {
  readonly id?: number;
  readonly value?: unknown;
  readonly missing?: string;
}

/** Makes Python's stubs from this repository's engine.proto in a folder of their own; the caller removes it. */
export async function makeStubs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-stubs-'));
  const out = [`--python_out=${folder}`, `--grpc_python_out=${folder}`];
  const plugin = `--plugin=protoc-gen-grpc_python=${PLUGIN}`;
  try {
    await promisify(execFile)('protoc', [`-I${PROTOCOL}`, plugin, ...out, 'engine.proto']);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(REMEDY, { cause });
  }
  return folder;
}

/** A process of Python with gRPC's C core; it ends with the test. */
export class PythonClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer | Error) => void>();
  #orders = 0;
  #end = 'Python has ended';

  private constructor(stubs: string) {
    const env = { ...process.env, PYTHONPATH: stubs, PYTHONDONTWRITEBYTECODE: '1' };
    this.#child = spawn(PYTHON, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#child.once('error', (error) => this.#ended(`${REMEDY} (${error.message})`));
    // Not `exit`: what it said last may come after that.
    this.#child.once('close', () => this.#ended(this.#end));
    this.#child.stdin?.on('error', () => {}); // Told by `close`.
    if (this.#child.stdout)
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    onTestFinished(() => this.#stop());
  }

  /** @param stubs Folder of the generated modules. */
  static async connect(address: string, stubs: string): Promise<PythonClient> {
    const client = new PythonClient(stubs);
    await client.#tell('connect', { address });
    return client;
  }

  /** One call of the engine with these headers. */
  call(
    rpc: string,
    fields: Readonly<Record<string, unknown>>,
    headers: readonly (readonly [string, string])[],
  ): Promise<Outcome> {
    return this.#tell('call', { rpc, fields, headers });
  }

  /** One call of the cluster's service. */
  cluster(rpc: string): Promise<Outcome> {
    const fields = { user: 'holdfast', password: 'holdfast' };
    return this.#tell('call', { service: 'ClusterService', rpc, fields, headers: [] });
  }

  /** A query with all its steps, in the catalog of computed tables. */
  query(strategy: string, sql: string): Promise<QueryOutcome> {
    return this.#tell('query', { strategy, sql, user: 'holdfast', password: 'holdfast', cluster: 'prod' });
  }

  #tell<O extends keyof Orders>(op: O, args: Parameters<Orders[O]>[0]): Promise<ReturnType<Orders[O]>> {
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) => {
        if (answer instanceof Error) reject(answer);
        // The op decides what Python answers; only the channel does not know it.
        else resolve(answer.value as ReturnType<Orders[O]>);
      });
      this.#child.stdin?.write(`${JSON.stringify({ id, op, args })}\n`);
    });
  }

  #hear(answer: Answer): void {
    if (answer.missing !== undefined) this.#end = `${REMEDY} (${answer.missing})`;
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #ended(why: string): void {
    for (const settle of this.#waiting.values()) settle(new Error(why));
    this.#waiting.clear();
  }

  async #stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
