import { describe, expect, it } from 'vitest';
import { type MixRequest, mix } from '../src/load/mix.js';

function take(count: number): MixRequest[] {
  const requests = mix('p-');
  return Array.from({ length: count }, () => requests.next().value);
}

describe('mix', () => {
  it('is half POST, three tenths GET, a fifth DELETE', () => {
    const methods = take(1_000).map(({ method }) => method);
    const count = (method: string): number => methods.filter((one) => one === method).length;
    expect([count('POST'), count('GET'), count('DELETE')]).toEqual([500, 300, 200]);
  });

  it('creates each id once, and reads and deletes what is there, on the node and of the version it was created with', () => {
    const present = new Map<string, string>();
    for (const { method, path, headers, body } of take(5_000)) {
      const id = body === null ? path.slice('/v1/group/'.length) : body;
      const held = present.get(method === 'GET' ? `{"groupId":"${id}"}` : id);
      if (method === 'POST') {
        expect(held).toBeUndefined();
        present.set(id, `${headers['node']} ${headers['timestamp']}`);
      } else if (method === 'GET') {
        expect(held?.startsWith(`${headers['node']} `)).toBe(true);
      } else {
        expect(held).toBe(`${headers['node']} ${headers['timestamp']}`);
        present.delete(id);
      }
    }
  });
});
