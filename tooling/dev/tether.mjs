// Loaded into every program of the stack before its own code: ends it when the launcher is gone, however that went.
// The operating system closes the channel of a killed launcher, so this needs neither pids nor polling.

/** Ms that the program gets to end in good order. */
const GRACE_MS = 5_000;
/** Ms to wait before that; servers wait so that workers can leave first. */
const delayMs = Number(new URL(import.meta.url).searchParams.get('delay'));

function end() {
  // Nobody reads any more, and a last line that finds no reader must not cut the good order short.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), delayMs);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), delayMs + GRACE_MS).unref();
}

if (process.connected) {
  process.once('disconnect', end);
  // Waiting for the launcher's end is no reason to live on.
  process.channel?.unref();
} else end();
