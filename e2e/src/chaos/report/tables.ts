import type { History, Verdict } from '../history/history.js';
import type { Term } from '../judges/terms/term.js';
import { time } from '../judges/verdict.js';
import { faultSpans } from './fault-spans.js';
import { type Markup, markup } from './markup.js';

/** Each verdict with its figure, and what speaks against the run. */
export function verdictTable(verdicts: readonly Verdict[]): Markup {
  const rows = verdicts.map(({ name, holds, figure, bound, against }) => {
    const examples =
      against.length === 0 ? '' : markup`<ul>${against.map((one) => markup`<li>${one}</li>`)}</ul>`;
    return markup`<tr class="${holds ? 'good' : 'bad'}"><td>${holds ? '✓' : '✗'}<span class="spoken"> ${holds ? 'holds' : 'does not hold'}</span></td><th scope="row">${name}</th><td>${figure}</td><td>${bound}</td></tr>
${examples === '' ? '' : markup`<tr class="against"><td></td><td colspan="3">${examples}</td></tr>\n`}`;
  });
  return markup`<table class="verdicts"><thead><tr><th></th><th scope="col">verdict</th><th scope="col">figure</th><th scope="col">must be</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** All terms in the order of their beginnings. */
export function termList(acting: readonly Term[]): Markup {
  const rows = acting.map(
    ({ term, id, worker, from, to, ending }, n) =>
      markup`<tr><td>${n + 1}</td><td>${String(term)}</td><td>${worker}</td><td>${id}</td><td>${time(from)}</td><td>${to === null ? '–' : time(to)}</td><td>${ending ?? 'led to the end'}</td></tr>\n`,
  );
  return details(
    `${acting.length} terms`,
    ['', 'term', 'place', 'worker', 'from', 'until', 'ended by'],
    rows,
  );
}

/** All faults in the order of their beginnings. */
export function faultList(history: History): Markup {
  const spans = faultSpans(history);
  const rows = spans.map(
    ({ n, fault, target, detail, from, to }) =>
      markup`<tr><td>${n}</td><td>${fault}</td><td>${target}</td><td>${time(from)}</td><td>${time(to)}</td><td>${detail}</td></tr>\n`,
  );
  return details(`${spans.length} faults`, ['', 'fault', 'target', 'from', 'until', 'how'], rows);
}

function details(title: string, columns: readonly string[], rows: readonly Markup[]): Markup {
  const heads = columns.map((column) => markup`<th scope="col">${column}</th>`);
  return markup`<details><summary>${title}</summary><div class="wide"><table><thead><tr>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}
