import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../src/clock.js';
import { Deferred } from '../src/deferred.js';

it('a kept connection that waits again and again gathers no listeners, and is forgotten when it closes', () => {
  const deferred = new Deferred(systemClock);
  const socket = new Socket();
  for (let wait = 0; wait < 20; wait++) {
    deferred.hold(socket, undefined);
    expect(socket.listenerCount('close')).toBe(1);
    deferred.release(socket);
    expect(socket.listenerCount('close')).toBe(0);
  }
  deferred.hold(socket, undefined);
  socket.emit('close', false);
  expect(socket.listenerCount('close')).toBe(0);
  deferred.hold(socket, undefined);
  expect(socket.listenerCount('close')).toBe(1);
});
