import { closeSync, readdirSync, readlinkSync } from 'node:fs';
import Database from 'better-sqlite3';
import { systemClock } from '../../../src/clock.js';
import type { JournalSession } from '../../../src/journal/journal.js';
import { openSqliteJournal } from '../../../src/journal/sqlite/index.js';
import { MIGRATIONS } from '../../../src/journal/sqlite/migrations/index.js';
import { silentLogger } from '../../../src/logger.js';
import type { ChildTask, ChildWord } from './children.js';

const NODES = { a: 'http://a/v1', b: 'http://b/v1', c: 'http://c/v1' };
const STEPS = Object.keys(NODES);

const [path = '', taskText = ''] = process.argv.slice(2);
const task: ChildTask = JSON.parse(taskText);

function say(word: ChildWord): void {
  process.send?.(word);
}

/** Resolves when the parent says go. */
const go = new Promise<void>((resolve) => {
  process.once('message', () => resolve());
});

async function join(): Promise<JournalSession> {
  const journal = await openSqliteJournal(path);
  const options = { clock: systemClock, random: Math.random, logger: silentLogger };
  return journal.join({ nodes: NODES, maxServerLagMs: 2_000, term: null, ...options });
}

/** Kills this process right before or right after its n-th COMMIT from now on. */
function dieAtCommit(at: { readonly nth: number; readonly when: 'before' | 'after' }): void {
  let count = 0;
  const prepare = Database.prototype.prepare;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = new Proxy(statement.run, {
      apply(_, __, values: unknown[]) {
        const mine = ++count === at.nth;
        if (mine && at.when === 'before') process.kill(process.pid, 'SIGKILL');
        const info = Reflect.apply(run, statement, values);
        if (mine) process.kill(process.pid, 'SIGKILL');
        return info;
      },
    });
    return statement;
  } as typeof prepare;
}

/** One saga from PLAN to its end, each step acknowledged to the parent only after its promise. */
async function oneSaga(session: JournalSession, key: string): Promise<void> {
  const begin = { definition: 'create', key, phase: 'applying', input: null, steps: STEPS } as const;
  const result = await session.begin({ ...begin, allocate: true, timeline: [] });
  if (result.kind !== 'begun') return say({ word: 'busy', key });
  const { saga } = result;
  say({ word: 'begun', id: saga.id, key, token: saga.token });
  const catalog = { set: saga.token ?? 0 };
  await session.change(saga, { type: 'end', outcome: key, catalog, hot: [] }, []);
  say({ word: 'ended', id: saga.id, key, token: saga.token });
}

async function write({ prefix, sagas, concurrency }: Extract<ChildTask, { do: 'write' }>): Promise<void> {
  const session = await join();
  say({ word: 'ready', owner: session.owner.id });
  await go;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < sagas) await oneSaga(session, `${prefix}${next++}`);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  say({ word: 'done' });
}

async function hold({ keys }: Extract<ChildTask, { do: 'hold' }>): Promise<void> {
  const session = await join();
  for (const key of keys) {
    const begin = { definition: 'create', key, phase: 'applying', input: null, steps: STEPS } as const;
    const result = await session.begin({ ...begin, allocate: true, timeline: [] });
    if (result.kind === 'begun') say({ word: 'begun', id: result.saga.id, key, token: result.saga.token });
    else say({ word: 'busy', key });
  }
  say({ word: 'ready', owner: session.owner.id });
  await new Promise(() => setInterval(() => {}, 1_000));
}

async function adopt({ id }: Extract<ChildTask, { do: 'adopt' }>): Promise<void> {
  const session = await join();
  say({ word: 'ready', owner: session.owner.id });
  await go;
  const saga = await session.adopt(id, 1, { supersede: false }, []);
  say({ word: 'adopted', won: saga !== null });
  await new Promise(() => setInterval(() => {}, 1_000));
}

/** Writes until its log file is taken away from under it. */
async function breakLog(): Promise<void> {
  const session = await join();
  await oneSaga(session, 'before');
  for (const fd of readdirSync('/proc/self/fd').map(Number)) if (target(fd) === `${path}-wal`) closeSync(fd);
  const codes: string[] = [];
  for (const call of [
    () => oneSaga(session, 'during'),
    () => oneSaga(session, 'after'),
    () => session.sagas({}),
  ]) {
    codes.push(
      await call().then(
        () => 'fulfilled',
        (error: { code: string }) => error.code,
      ),
    );
  }
  say({ word: 'codes', codes });
}

function target(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

async function prune(): Promise<void> {
  const session = await join();
  await session.prune({ retentionMs: 0, idempotencyRetentionMs: 0, limit: 1_000 });
}

/** Dies with so many statements of the first migration executed, none of them committed. */
function migrate({ statements }: Extract<ChildTask, { do: 'migrate' }>): void {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  // Hardly any cache: uncommitted pages go to the log as they are made.
  db.pragma('cache_size = 1');
  db.exec('BEGIN IMMEDIATE');
  const all = (MIGRATIONS[0] ?? '').split(';').filter((sql) => sql.trim() !== '');
  for (const sql of all.slice(0, statements)) db.exec(sql);
  process.kill(process.pid, 'SIGKILL');
}

if (task.die !== undefined) dieAtCommit(task.die);
switch (task.do) {
  case 'write':
    await write(task);
    break;
  case 'hold':
    await hold(task);
    break;
  case 'adopt':
    await adopt(task);
    break;
  case 'break-log':
    await breakLog();
    break;
  case 'prune':
    await prune();
    break;
  case 'migrate':
    migrate(task);
    break;
}
process.exit(0);
