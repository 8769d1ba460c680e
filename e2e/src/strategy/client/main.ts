import { createClient } from './client.js';

let isClosed = false;
const line = createClient({
  send: (message) => process.send?.(message),
  closed: () => {
    isClosed = true;
    process.disconnect();
  },
});
process.on('message', (message) => line.take(message));
// A test that is gone wants nothing more.
process.on('disconnect', () => {
  if (!isClosed) process.exit(0);
});
