import { describe, expect, it } from 'vitest';
import { AdvertisedExtensions, parseExtensions } from '../../src/nodes/extensions.js';

describe('the header holdfast-extensions (4.7)', () => {
  it.each<[string | undefined, readonly string[]]>([
    [undefined, []],
    ['', []],
    ['timestamp, tombstone, fence, list', ['timestamp', 'tombstone', 'fence', 'list']],
    ['LIST,fence', ['fence', 'list']],
    ['fence, teleport, fenced', ['fence']],
    ['timestamp, fence, timestamp', ['timestamp', 'fence']],
  ])('reads %j', (header, expected) => {
    expect([...parseExtensions(header)]).toEqual(expected);
  });

  it('forgets what is advertised no more', () => {
    const advertised = new AdvertisedExtensions();
    expect(advertised.current.size).toBe(0);
    expect(advertised.isKnown).toBe(false);
    advertised.learn('fence');
    const first = advertised.current;
    advertised.learn('fence');
    expect(advertised.current).toBe(first);
    advertised.learn('list');
    expect([...advertised.current]).toEqual(['list']);
    advertised.learn(undefined);
    expect(advertised.current.size).toBe(0);
    expect(advertised.isKnown).toBe(true);
  });
});
