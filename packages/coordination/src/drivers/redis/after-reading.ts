/**
 * Calls `action` when the event loop has read what its sockets have received by now; the returned function cancels it.
 * A turn of the loop begins with timers and reads sockets after them: when it was blocked, a timer that judges how long a
 * server has been silent would judge before it sees the answers that came long ago. Not part of `Clock`, since this is
 * about an order of events and not about time.
 */
export function afterReading(action: () => void): () => void {
  const immediate = setImmediate(action);
  return () => clearImmediate(immediate);
}
