/** The page's style: one column on a phone, dark where the reader's system is. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1c1e21; --faint: #5c636e; --page: #fdfdfc; --panel: #f2f3f1; --line: #d9dbd7;
  --good: #1b7a3d; --bad: #b3261e;
  --code: #2456b8; --json: #b35c00; --text-format: #1b7a3d; --native: #7a3fb0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e6ea; --faint: #9aa1ac; --page: #16181b; --panel: #202328; --line: #383c43;
    --good: #67c587; --bad: #f2938c;
    --code: #82aaff; --json: #f0a657; --text-format: #67c587; --native: #c39af0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 72rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
p, li { max-width: 46rem; }
a { color: var(--code); }
.faint { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .3rem; }
svg { width: 100%; height: auto; display: block; max-width: 34rem; }
svg text { font: 13px system-ui, sans-serif; fill: var(--text); }
svg .faint { fill: var(--faint); } svg .axis { stroke: var(--line); } svg .whisker { stroke: var(--text); }
svg .whisker-edge { stroke: var(--page); stroke-width: 4; }
.code { fill: var(--code); } .json { fill: var(--json); } .text { fill: var(--text-format); } .native { fill: var(--native); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
.legend svg { width: .8rem; height: .8rem; display: inline-block; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; }
details > :not(summary) { margin-left: .8rem; margin-right: .8rem; }
summary { padding: .5rem .8rem; cursor: pointer; }
details.attempt { content-visibility: auto; contain-intrinsic-size: auto 2.6rem; }
.step { border-top: 1px solid var(--line); padding: .6rem 0; }
.step > h4 { margin: 0; font-size: .85rem; color: var(--faint); }
pre {
  margin: .4rem 0; padding: .6rem .8rem; background: var(--panel); border-radius: .4rem;
  font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; max-height: 30rem; overflow: auto;
}
pre.action { border-left: 3px solid var(--code); }
pre.failed { border-left: 3px solid var(--bad); }
.said { white-space: pre-wrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
img { max-width: 100%; height: auto; background: #fff; border-radius: .3rem; }
`;
