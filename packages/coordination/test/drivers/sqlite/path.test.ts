import { expect, test } from 'vitest';
import { sqliteDriver } from '../../../src/drivers/sqlite/index.js';
import { pathOfUrl } from '../../../src/drivers/sqlite/path.js';

test.each([
  ['sqlite:jobs.db', 'jobs.db'],
  ['sqlite:data/jobs.db', 'data/jobs.db'],
  ['sqlite:../jobs.db?timeout=30', '../jobs.db'],
  ['sqlite:./a%20b%23c%3F.db', './a b#c?.db'],
  ['sqlite:/var/lib/jobs.db', '/var/lib/jobs.db'],
  ['sqlite:///var/lib/jobs.db?namespace=x', '/var/lib/jobs.db'],
  ['sqlite://data/jobs.db', 'data/jobs.db'],
  ['sqlite://./data/jobs.db', './data/jobs.db'],
  ['sqlite:///tmp/gr%C3%BCn.db', '/tmp/grün.db'],
])('%s is the file %s', (url, path) => {
  expect(pathOfUrl(new URL(url))).toBe(path);
});

test.each([
  ['sqlite::memory:', /use memory:/],
  ['sqlite:', /such as sqlite:/],
  ['sqlite:///', /such as sqlite:/],
  ['sqlite:/var/lib/', /such as sqlite:/],
  ['sqlite:a%00b', /such as sqlite:/],
  ['sqlite:/tmp/a#b.db', /%23/],
  ['sqlite:/tmp/100%.db', /%25/],
  ['sqlite://me:secret@host/a.db', /no user, password or port/],
  ['sqlite://host:80/a.db', /no user, password or port/],
])('%s is refused before anything is opened', (text, remedy) => {
  const url = new URL(text);
  const refusal = expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(remedy),
  });
  expect(() => sqliteDriver.check?.(url)).toThrow(refusal);
  expect(() => pathOfUrl(url)).not.toThrow(/secret/);
});
