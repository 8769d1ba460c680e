import { SingleBar } from 'cli-progress';
import type { Clock } from '../clock.js';
import type { OutStream } from '../job-io.js';
import { formatDuration } from './durations.js';

/** What a progress display is told after each item. */
export interface ProgressState {
  readonly done: number;
  /** As `60 committed, 2 rejected`. */
  readonly counts: string;
}

/** A display of how far a bulk command is. */
export interface Progress {
  update(state: ProgressState): void;
  /** Takes the display away and gives the cursor back; nothing is written afterwards. May be called again. */
  stop(): void;
}

/** The display where there is no terminal: none, the item lines tell. */
export const noProgress: Progress = { update: () => undefined, stop: () => undefined };

/** Items per second, with one digit below ten. */
export function formatRate(done: number, elapsedMs: number): string {
  if (elapsedMs <= 0 || done === 0) return '–/s';
  const perSecond = (done * 1_000) / elapsedMs;
  return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

/** The words beside the bar. Without a total there is neither a share nor a time left. */
export function describeProgress(state: ProgressState, total: number | null, elapsedMs: number): string {
  const rate = formatRate(state.done, elapsedMs);
  if (total === null) return `${state.done}  ${rate}  ${state.counts}`;
  const left = state.done === 0 ? null : (elapsedMs / state.done) * (total - state.done);
  const rest = left === null ? 'time left not known yet' : `${formatDuration(left)} left`;
  return `${state.done}/${total}  ${rate}  ${state.counts}  ${rest}`;
}

/** A progress bar on a terminal, redrawn at most ten times a second and taken away at the end. */
export function startProgressBar(
  stream: OutStream,
  clock: Clock,
  o: { readonly title: string; readonly total: number | null },
): Progress {
  const started = clock.monotonic();
  let state: ProgressState = { done: 0, counts: '' };
  const bar = new SingleBar({
    stream,
    hideCursor: true,
    clearOnComplete: true,
    // It would install signal handlers of its own, and those belong to the command.
    gracefulExit: false,
    fps: 10,
    format: (_, params) => {
      const words = describeProgress(state, o.total, clock.monotonic() - started);
      return o.total === null ? `${o.title}  ${words}` : `${o.title}  ${drawBar(params.progress)}  ${words}`;
    },
  });
  bar.start(o.total ?? 0, 0);
  let stopped = false;
  return {
    update(next) {
      state = next;
      if (!stopped) bar.update(next.done);
    },
    stop() {
      if (!stopped) bar.stop();
      stopped = true;
    },
  };
}

const BAR_WIDTH = 24;

function drawBar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
