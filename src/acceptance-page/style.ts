/** The page's whole look: the system's fonts, both colour schemes, either direction of writing. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --surface: #fff; --ink: #1c2330; --soft: #525c6b; --line: #d5dae1; --edge: #7b8594;
  --accent: #2747a3; --accent-ink: #fff; --accent-ground: #eef2fd;
  --done: #17693c; --notice: #8a4b08; --notice-ground: #fdf4e3; --ending: #a4262c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --surface: #1b212b; --ink: #eef1f5; --soft: #b3bcc9; --line: #343d4b; --edge: #8a95a5;
    --accent: #9db7ff; --accent-ink: #0d1836; --accent-ground: #222c45;
    --done: #7ad3a0; --notice: #f5c26b; --notice-ground: #332a18; --ending: #ff9d9f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; display: flex; flex-direction: column; min-height: 100vh;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif;
  color: var(--ink); background: var(--ground); overflow-wrap: break-word;
}
header, main, footer { width: 100%; max-width: 76rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 2rem; padding-block: .5rem; }
.brand { margin: 0; font-weight: 600; }
nav ul { display: flex; flex-wrap: wrap; margin: 0; padding: 0; list-style: none; margin-inline-start: -.5rem; }
nav a {
  display: flex; align-items: center; justify-content: center; min-width: 2.75rem; min-height: 2.75rem;
  padding-inline: .5rem; color: var(--soft); text-decoration: none; font-size: .875rem;
}
nav a:hover { color: var(--ink); text-decoration: underline; }
nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: underline; text-underline-offset: .35em; }
main { flex: 1; padding-block: 1rem 2rem; }
footer { color: var(--soft); font-size: .875rem; padding-block: .5rem 1rem; }
h1 { margin: 0 0 .75rem; font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2.1rem); line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 0 0 .5rem; font-size: 1.2rem; line-height: 1.3; }
h3 { margin: 1.25rem 0 .75rem; font-size: 1rem; }
strong[lang] { padding: .05em .35em; border-radius: .3em; background: var(--accent-ground); -webkit-box-decoration-break: clone; box-decoration-break: clone; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
[tabindex="-1"]:focus { outline: none; }
.intro { max-width: 54rem; margin-bottom: 1.5rem; }
.intro p { color: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 3rem; margin: 0; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; font-weight: 600; }
.steps { display: grid; gap: 1.25rem; }
.step, .card, .otherwise { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: clamp(1rem, 3vw, 1.5rem); min-width: 0; }
.answers { display: grid; gap: 1.25rem; align-content: start; min-width: 0; }
.narrow, .card { max-width: 40rem; margin-inline: auto; }
@media (min-width: 60rem) { .steps { grid-template-columns: minmax(0, 1fr) 23rem; } }
iframe { display: block; width: 100%; height: 34rem; max-height: 80vh; border: 1px solid var(--edge); border-radius: .375rem; background: #fff; color-scheme: light; }
.beside { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: 1rem 0; color: var(--soft); font-size: .875rem; }
.beside span { flex: 1 1 12rem; }
.time { margin: 0; font-size: .9375rem; }
[data-time-left] { font-weight: 600; white-space: nowrap; }
.statement { display: flex; gap: .75rem; align-items: flex-start; padding: .75rem; margin-bottom: 1rem; min-height: 2.75rem; border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }
.statement span { min-width: 0; }
.statement input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent); }
.statement:has(:checked) { background: var(--accent-ground); border-color: var(--accent); }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .6rem 1.25rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--accent-ink); background: var(--accent); border: 1px solid var(--accent); border-radius: .5rem;
}
form > button { width: 100%; }
button:hover, .button:hover { filter: brightness(1.1); }
.quiet { color: var(--accent); background: transparent; border-color: var(--edge); }
.ending { color: var(--ending); background: transparent; border-color: var(--ending); }
[aria-busy] button { opacity: .6; cursor: progress; }
.problem, .warning { margin: 0; }
.problem:not(:empty) { margin-top: .75rem; color: var(--ending); font-weight: 600; }
.warning:not(:empty), .notice { margin-bottom: 1.25rem; padding: .875rem 1rem; color: var(--ink); background: var(--notice-ground); border: 1px solid var(--notice); border-inline-start-width: .375rem; border-radius: .5rem; }
.notice { margin-bottom: 0; }
.notice h2 { font-size: 1rem; }
.notice p { margin: 0; }
.next { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
.otherwise { background: transparent; }
.otherwise h2 { font-size: 1rem; }
summary { min-height: 2.75rem; padding-block: .6rem; color: var(--accent); cursor: pointer; }
details[open] { padding-bottom: 1rem; }
details p { font-size: .9375rem; }
textarea { display: block; width: 100%; margin: .25rem 0 1rem; padding: .6rem; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--edge); border-radius: .5rem; }
.card { text-align: center; padding-block: 2.5rem; margin-top: clamp(0rem, 6vh, 4rem); --tone: var(--soft); }
.card h1 { font-size: 1.5rem; }
.card p { color: var(--soft); }
.card > :last-child { margin-bottom: 0; }
.card svg { width: 3.5rem; height: 3.5rem; padding: .75rem; margin-bottom: 1rem; border-radius: 50%; border: 2px solid var(--tone); stroke: var(--tone); fill: none; stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
.done { --tone: var(--done); }
.waiting { --tone: var(--accent); }
@media (prefers-reduced-motion: no-preference) {
  .step { transition: box-shadow .3s, border-color .3s; }
  .waiting svg { animation: breathe 2.4s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: .45; } }
}
`;
