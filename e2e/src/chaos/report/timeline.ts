import type { History } from '../history/history.js';
import type { Term } from '../judges/terms/term.js';
import { drawn, type Label } from './label.js';
import { colours } from './lanes/colours.js';
import { faults } from './lanes/faults.js';
import type { Lane } from './lanes/lane.js';
import { stages } from './lanes/stages.js';
import { terms } from './lanes/terms.js';
import { changes, queries, records } from './lanes/throughput.js';
import { type Markup, markup } from './markup.js';
import { round, type Scale, scaleTo, ticksOf, WIDTH } from './scale.js';
import { shownSpan } from './span.js';

const TOP = 26;
const BETWEEN = 16;
const BOTTOM = 8;
const TICK_SIZE = 10;

/** The picture of a run: its lanes one below the other, with one axis of time. */
export interface Timeline {
  readonly height: number;
  readonly lanes: readonly (Lane & { readonly top: number })[];
  readonly ticks: readonly Label[];
  readonly scale: Scale;
}

export function timelineOf(history: History, acting: readonly Term[]): Timeline {
  const scale = scaleTo(shownSpan(history));
  let top = TOP;
  const lanes = [
    stages(history, scale),
    terms(history, acting, scale),
    colours(history, scale),
    queries(history, scale),
    changes(history, scale),
    records(history, scale),
    faults(history, scale),
  ].map((lane) => {
    const placed = { ...lane, top };
    top += lane.height + BETWEEN;
    return placed;
  });
  const ticks = ticksOf(scale).map(
    (at): Label => ({
      ...{ text: `${at / 1_000} s`, x: scale.x(at), y: TOP - 10, size: TICK_SIZE },
      ...{ anchor: 'middle', kind: 'tick' },
    }),
  );
  return { height: top - BETWEEN + BOTTOM, lanes, ticks, scale };
}

/** As an SVG that may stand in a page. */
export function drawTimeline({ height, lanes, ticks, scale }: Timeline): Markup {
  const bottom = height - BOTTOM;
  const lines = ticksOf(scale).map((at) => {
    const x = scale.x(at);
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 5}" y2="${bottom}"/>`;
  });
  const drawnLanes = lanes.map(
    ({ top, shapes, labels }) =>
      markup`<g transform="translate(0 ${round(top)})">${shapes}${labels.map(drawn)}</g>\n`,
  );
  return markup`<svg viewBox="0 0 ${WIDTH} ${round(height)}" role="img" aria-label="What happened when">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="0" x2="0" y1="0" y2="6"/></pattern></defs>
${lines}${ticks.map(drawn)}
${drawnLanes}</svg>`;
}
