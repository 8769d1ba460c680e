import { Markup } from './markup.js';

/** How the page looks, in light and in dark. */
export const STYLE: Markup = new Markup(`
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1c2330; --soft: #5f6b7c; --line: #dde2e9; --grid: #e6eaf0;
  --good: #1a7f4b; --good-ground: #e3f4ea; --bad: #c0262d; --bad-ground: #fce8e8;
  --blue: #4c86e8; --green: #3aa76d; --life: #e9edf3; --hatch: #1c2330;
  --hue0: #b9cdf5; --hue1: #f5d8a8; --hue2: #c9e6c3; --hue3: #e4c8ee; --hue4: #f4c3bd; --hue5: #b7e2e4;
  --worker: #e39a8d; --node: #d9b45f; --server: #a99bd6; --engine: #7fb3d9;
  --queries: #4c86e8; --changes: #8a63c9; --created: #3aa76d; --deleted: #d9773f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --card: #1a2029; --ink: #e4e8ef; --soft: #97a3b4; --line: #2d3643; --grid: #262e3a;
    --good: #5fd093; --good-ground: #16352a; --bad: #ff8d8d; --bad-ground: #3f1d22;
    --blue: #3f74cc; --green: #2f8b59; --life: #232b37; --hatch: #e4e8ef;
    --hue0: #34507f; --hue1: #6d5423; --hue2: #35613b; --hue3: #5d3f6c; --hue4: #74413c; --hue5: #2b6164;
    --worker: #8f4a3f; --node: #776029; --server: #57498a; --engine: #356180;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 28px 24px 48px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 16px; margin-bottom: 18px; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 16px; margin: 28px 0 10px; }
p { margin: 0; }
code { font: 13px ui-monospace, monospace; background: var(--life); padding: 3px 7px; border-radius: 5px; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
header .soft { flex-basis: 100%; }
.badge { font-weight: 600; padding: 2px 12px; border-radius: 99px; }
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); }
.card, details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 10px 16px; }
.wide { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 860px; height: auto; font-family: system-ui, sans-serif; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 10px; margin: 0; }
dl div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 8px 14px; }
dt { color: var(--soft); font-size: 12.5px; }
dd { margin: 0; font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 10px; vertical-align: top; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--soft); font-size: 12.5px; }
table.verdicts th { white-space: nowrap; }
.verdicts td:first-child { width: 34px; font-weight: 700; }
.verdicts tr.good td:first-child { color: var(--good); }
.verdicts tr.bad td, .verdicts tr.bad th { color: var(--bad); font-weight: 600; }
.verdicts tr.against td { border-top: 0; padding-top: 0; }
.verdicts ul { margin: 0 0 6px; padding-left: 18px; overflow-wrap: anywhere; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details { margin-top: 12px; }
summary { cursor: pointer; padding: 8px 16px; font-weight: 600; }
details table { font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 12.5px; color: var(--soft); margin-top: 8px; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
text { fill: var(--ink); }
text.name, text.tick, text.soft { fill: var(--soft); }
text.bar { pointer-events: none; }
.grid { stroke: var(--grid); }
.stage.chaos { fill: var(--hue4); } .stage.healed { fill: var(--hue1); } .stage.quiet, .stage.judged { fill: var(--hue2); }
.life { fill: var(--life); } .leaderless, .failure { fill: var(--bad); }
.hue0 { fill: var(--hue0); } .hue1 { fill: var(--hue1); } .hue2 { fill: var(--hue2); }
.hue3 { fill: var(--hue3); } .hue4 { fill: var(--hue4); } .hue5 { fill: var(--hue5); }
.stop { fill: url(#hatch); } .hatch-ground { fill: var(--hatch); opacity: .12; } .hatch-line { stroke: var(--hatch); stroke-width: 2; opacity: .5; }
.kill { fill: none; stroke: var(--bad); stroke-width: 2.2; }
.blue { fill: var(--blue); } .green { fill: var(--green); } text.bar { font-weight: 500; }
.phase.announced { opacity: .4; } .back { fill: var(--ink); }
.fault.at-worker { fill: var(--worker); } .fault.at-node { fill: var(--node); }
.fault.at-server { fill: var(--server); } .fault.at-engine { fill: var(--engine); }
.area { fill-opacity: .6; } .area.queries { fill: var(--queries); } .area.changes { fill: var(--changes); }
.area.created { fill: var(--created); } .area.deleted { fill: var(--deleted); }
`);
