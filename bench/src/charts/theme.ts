/** Colours by what they mean; each has a form for light and for dark surroundings. */
export const FAINT = 'var(--faint)';
export const MET = 'var(--met)';
export const MISSED = 'var(--missed)';

/** Of the lines of one chart, told apart also by those who see no red or no green. */
export const LINES: readonly string[] = ['var(--line-1)', 'var(--line-2)', 'var(--line-3)', 'var(--line-4)'];

/** On a paper of its own: a page may be dark where the reader's system is light. */
export const STYLE: string = [
  '.chart{--ink:#1f2328;--faint:#59636e;--paper:#ffffff;--edge:#d1d9e0;--met:#0969da;--missed:#bc4c00;',
  '--line-1:#0969da;--line-2:#59636e;--line-3:#bc4c00;--line-4:#8250df;',
  'color:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",sans-serif}',
  '@media (prefers-color-scheme:dark){.chart{--ink:#e6edf3;--faint:#9198a1;--paper:#0d1117;--edge:#3d444d;',
  '--met:#4493f8;--missed:#f0883e;--line-1:#4493f8;--line-2:#9198a1;--line-3:#f0883e;--line-4:#ab7df8}}',
  '.paper{fill:var(--paper);stroke:var(--edge)}',
  '.chart text{white-space:pre}',
].join('');
