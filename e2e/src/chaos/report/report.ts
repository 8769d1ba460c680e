import type { History, Verdict } from '../history/history.js';
import { actingTerms } from '../judges/terms/acting.js';
import { type Markup, markup } from './markup.js';
import { STYLE } from './style.js';
import { summaryOf } from './summary.js';
import { faultList, termList, verdictTable } from './tables.js';
import { drawTimeline, timelineOf } from './timeline.js';

/** One page that needs nothing else: no file, no network, no script. Whatever comes from the run is escaped. */
export function renderReport(history: History, verdicts: readonly Verdict[]): string {
  const acting = actingTerms(history);
  const bad = verdicts.filter(({ holds }) => !holds).length;
  const isGood = bad === 0;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chaos ${isGood ? 'green' : 'red'}, seed ${history.seed}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Chaos</h1>
<span class="badge ${isGood ? 'good' : 'bad'}">${isGood ? `green: all ${verdicts.length} verdicts hold` : `red: ${bad} of ${verdicts.length} verdicts do not hold`}</span>
<p class="soft">${about(history)}</p>
<p class="again">Run it again: <code>${commandOf(history)}</code></p>
</header>
<section class="card wide">${verdictTable(verdicts)}</section>
<h2>What happened when</h2>
<section class="card"><div class="wide">${drawTimeline(timelineOf(history, acting))}</div>${LEGEND}</section>
<h2>In numbers</h2>
<dl>${summaryOf(history, acting).map(({ name, value }) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
${termList(acting)}
${faultList(history)}
</main>
</body>
</html>
`;
  return page.toString();
}

function about({ seed, seconds, coordination, began, leaseMs, mutation }: History): string {
  const told = [
    `${seconds} s of chaos with seed ${seed}`,
    `coordinated by ${coordination}, lease ${leaseMs / 1_000} s`,
    `begun ${new Date(began).toISOString()}`,
    ...(mutation === null ? [] : [`with the rule "${mutation}" taken out on purpose: it should be red`]),
  ];
  return `${told.join('; ')}.`;
}

const commandOf = ({ seed, seconds, coordination }: History): string =>
  `pnpm chaos --seconds ${seconds} --seed ${seed} --coordination ${coordination}`;

const KEYS: readonly (readonly [colour: string, meaning: string])[] = [
  ['var(--hue0)', 'a term, with its number'],
  ['repeating-linear-gradient(45deg, var(--hatch) 0 2px, transparent 2px 5px)', 'process stopped'],
  ['var(--bad)', 'killed (×), nobody leads, a failure or trouble (▾)'],
  ['var(--blue)', 'blue, queries'],
  ['var(--green)', 'green, created (up)'],
  ['var(--changes)', 'changes'],
  ['var(--deleted)', 'deleted (down)'],
  ['color-mix(in srgb, var(--blue) 40%, transparent)', 'announced; full: drain; ◂ called back'],
];

const LEGEND: Markup = markup`<p class="legend">${KEYS.map(
  ([colour, meaning]) => markup`<span><i style="background: ${colour}"></i>${meaning}</span>`,
)}</p>`;
