import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type IdFlags, resolveIds } from '../src/ids/id-source.js';
import { linesOf } from '../src/ids/lines.js';
import { scratchFolder } from './support/scratch.js';

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}

async function read(
  named: readonly string[],
  flags: IdFlags,
  stdin: AsyncIterable<string | Uint8Array> = chunks(),
  cwd = '/',
): Promise<{ readonly ids: readonly string[]; readonly total: number | null }> {
  const source = await resolveIds(named, flags, { stdin, cwd });
  const ids: string[] = [];
  for await (const id of source.ids) ids.push(id);
  return { ids, total: source.total };
}

describe('ids', () => {
  it('are 0 to 99 by default, as the origin has it', async () => {
    const { ids, total } = await read([], {});
    expect(total).toBe(100);
    expect(ids).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  it('are a range with both ends', async () => {
    expect(await read([], { from: '5', to: '7' })).toEqual({ ids: ['5', '6', '7'], total: 3 });
    expect((await read([], { from: '98' })).ids).toEqual(['98', '99']);
  });

  it('are a list, arguments, a file or standard input', async () => {
    const folder = await scratchFolder();
    await writeFile(path.join(folder, 'ids'), 'a\r\n\nb c\n');
    expect(await read([], { ids: ' a, b ,' })).toEqual({ ids: ['a', 'b'], total: 2 });
    expect(await read(['x', 'y'], {})).toEqual({ ids: ['x', 'y'], total: 2 });
    expect(await read([], { file: 'ids' }, chunks(), folder)).toEqual({ ids: ['a', 'b c'], total: 2 });
    expect(await read(['-'], {}, chunks('1\n2'))).toEqual({ ids: ['1', '2'], total: null });
    expect(await read([], { file: '-' }, chunks('3\n'))).toEqual({ ids: ['3'], total: null });
  });

  it.each([
    [[], { from: '9', to: '8' }, /the range from 9 to 8 is empty/],
    [[], { from: '100' }, /the range from 100 to 99 is empty/],
    [[], { to: '-1' }, /--to is "-1"/],
    [[], { from: '1.5' }, /--from is "1.5"/],
    [[], { ids: ' , ' }, /names no id/],
    [[], { ids: 'a', from: '1' }, /--ids and --from\/--to were given together/],
    [['a'], { file: 'b' }, /ids as arguments and --file were given together/],
    [[], { file: 'nowhere' }, /--file \/nowhere cannot be read/],
  ])('refuses %j %j', async (named, flags, message) => {
    await expect(read(named, flags)).rejects.toThrow(message);
  });
});

describe('lines of standard input', () => {
  it('are whole however they are cut, in any line end, with UTF-8 across chunks', async () => {
    const bytes = new TextEncoder().encode('grün\r\nblau');
    const lines: string[] = [];
    for await (const line of linesOf(chunks(bytes.slice(0, 3), bytes.slice(3, 6), bytes.slice(6)))) {
      lines.push(line);
    }
    expect(lines).toEqual(['grün', 'blau']);
  });

  it('end with an error where there is no line end in a megabyte', async () => {
    const lines = linesOf(chunks('x'.repeat(1_048_577)));
    await expect(lines.next()).rejects.toThrow(/one id per line|more than 1048576/);
  });
});
