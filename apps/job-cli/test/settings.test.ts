import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../src/config/config-file.js';
import { parseDurationMs } from '../src/config/parse-duration.js';
import { parseNodes } from '../src/config/parse-nodes.js';
import { resolveSettings as resolve, type SettingFlags, type Settings } from '../src/config/settings.js';
import { scratchFolder } from './support/scratch.js';

const A = { a: 'http://a.test/v1' };
const B = { b: 'http://b.test/v1' };
const C = { c: 'http://c.test/v1' };

async function folderWith(config: unknown): Promise<string> {
  const folder = await scratchFolder();
  await writeFile(
    path.join(folder, 'holdfast.config.json'),
    typeof config === 'string' ? config : JSON.stringify(config),
  );
  return folder;
}

/** As a command does: with the configuration file of its folder, or the named one. */
async function resolveSettings(
  flags: SettingFlags & { readonly config?: string },
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Settings> {
  return resolve(flags, env, { cwd, file: await readConfigFile(cwd, flags.config) });
}

describe('where job works', () => {
  it('is the local stack without any setting', async () => {
    const folder = await scratchFolder();
    const settings = await resolveSettings({}, {}, folder);
    expect(settings.nodes).toEqual({
      node01: 'http://127.0.0.1:8080/v1',
      node02: 'http://127.0.0.1:8080/v1',
      node03: 'http://127.0.0.1:8080/v1',
    });
    expect(settings.journal).toBe(path.join(folder, '.holdfast', 'journal.db'));
    expect(settings.maxServerLagMs).toBeNull();
  });

  it('follows CLUSTER_PORT and HOLDFAST_DATA', async () => {
    const folder = await scratchFolder();
    const settings = await resolveSettings({}, { CLUSTER_PORT: '9001', HOLDFAST_DATA: 'data' }, folder);
    expect(settings.nodes['node01']).toBe('http://127.0.0.1:9001/v1');
    expect(settings.journal).toBe(path.join(folder, 'data', 'journal.db'));
  });

  it('takes the command line before the environment before the file', async () => {
    const folder = await folderWith({ nodes: C, journal: 'c.db', maxServerLagMs: 3 });
    const env = { HOLDFAST_NODES: 'b=http://b.test/v1', HOLDFAST_JOURNAL: 'b.db' };
    const flags = { nodes: 'a=http://a.test/v1', journal: 'a.db', maxServerLag: '1s' };
    const fromFile = await resolveSettings({}, {}, folder);
    const fromEnv = await resolveSettings({}, env, folder);
    const fromFlags = await resolveSettings(flags, env, folder);
    expect([fromFile.nodes, fromEnv.nodes, fromFlags.nodes]).toEqual([C, B, A]);
    expect([fromFile.journal, fromEnv.journal, fromFlags.journal].map((p) => path.basename(p))).toEqual([
      'c.db',
      'b.db',
      'a.db',
    ]);
    expect([fromFile.maxServerLagMs, fromFlags.maxServerLagMs]).toEqual([3, 1_000]);
    expect([fromFile.nodesFrom, fromEnv.nodesFrom, fromFlags.nodesFrom]).toEqual([
      'the configuration file',
      'HOLDFAST_NODES',
      '--nodes',
    ]);
  });

  it('reads a path in the configuration file from its folder, and an empty variable as none', async () => {
    const folder = await folderWith({ journal: 'in/here.db' });
    const elsewhere = await scratchFolder();
    const config = path.join(folder, 'holdfast.config.json');
    const settings = await resolveSettings({ config }, { HOLDFAST_JOURNAL: '', CLUSTER_PORT: '' }, elsewhere);
    expect(settings.journal).toBe(path.join(folder, 'in/here.db'));
    const other = await folderWith({ engine: 'there:1', coordination: 'sqlite:in/here.db' });
    expect(await readConfigFile(elsewhere, path.join(other, 'holdfast.config.json'))).toEqual({
      engine: 'there:1',
      coordination: `sqlite:${path.join(other, 'in/here.db')}`,
    });
  });

  it.each([
    ['{', /holdfast\.config\.json cannot be used: it is not JSON/],
    ['[]', /it is not a JSON object/],
    [{ node: A }, /unknown key "node"/],
    [{ nodes: ['a'] }, /"nodes" is not an object of name and URL/],
    [{ nodes: 'a=b' }, /"nodes" is not an object/],
    [{ nodes: { a: 7 } }, /the URL of a is not a string/],
    [{ journal: '' }, /"journal" is not a path/],
    [{ maxServerLagMs: '2s' }, /"maxServerLagMs" is "2s"/],
    [{ engine: 50_051 }, /"engine" is not a string/],
    [{ engine: 'there' }, /"engine" in .*holdfast\.config\.json is "there", which is not host:port/],
    [{ coordination: 'there' }, /"coordination" in .*holdfast\.config\.json is no URL/],
  ])('refuses the configuration file %j', async (config, message) => {
    const folder = await folderWith(config);
    await expect(resolveSettings({}, {}, folder)).rejects.toThrow(message);
  });

  it('refuses a named configuration file that is not there', async () => {
    const folder = await scratchFolder();
    await expect(resolveSettings({ config: 'no.json' }, {}, folder)).rejects.toThrow(
      /no\.json cannot be read/,
    );
  });

  it.each(['0', '65536', 'http', '80.5'])('refuses CLUSTER_PORT %s', async (port) => {
    const folder = await scratchFolder();
    await expect(resolveSettings({}, { CLUSTER_PORT: port }, folder)).rejects.toThrow(
      `CLUSTER_PORT is "${port}"`,
    );
  });
});

describe('nodes', () => {
  it('are name=url, with any trailing slash dropped', () => {
    expect(parseNodes(' n1=http://a.test/v1/ , n2=https://b.test ', '--nodes')).toEqual({
      n1: 'http://a.test/v1',
      n2: 'https://b.test',
    });
  });

  it.each([
    ['', /--nodes cannot be used: it names 0 nodes/],
    ['node01', /"node01" is not name=url/],
    ['=http://a.test', /is not name=url/],
    ['n o=http://a.test', /the node name "n o"/],
    ['a=ftp://a.test', /the URL of a is "ftp:\/\/a.test"/],
    ['a=http://a.test,a=http://b.test', /the node a is named twice/],
  ])('refuses %j', (text, message) => {
    expect(() => parseNodes(text, '--nodes')).toThrow(message);
  });

  it('never shows a password', () => {
    const parse = (): unknown => parseNodes('a=http://me:secret@a.test', '--nodes');
    expect(parse).toThrow(/has a user or password/);
    expect(parse).not.toThrow(/secret/);
  });
});

describe('durations', () => {
  it.each([
    ['250', 250],
    ['250ms', 250],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['24h', 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text, '--deadline')).toBe(ms);
  });

  it.each(['', 'soon', '-1', '25h', '1e3', '1 s s'])('refuses %j by name', (text) => {
    expect(() => parseDurationMs(text, '--deadline')).toThrow(`--deadline is ${JSON.stringify(text)}`);
  });
});
