/** The stylesheet of all pages: for light and dark mode, from 320 px wide. */
export const STYLE = `
:root {
  --page: #ffffff; --text: #1c2127; --quiet: #55606b; --line: #d4d9de; --edge: #767f89; --panel: #f6f7f9;
  --link: #0b5cad; --on-link: #ffffff; --good: #17683a; --waiting: #845000; --broken: #b3261e;
  --notice: #fff3d1; --on-notice: #4a3500;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --text: #e6e9ec; --quiet: #a9b3bd; --line: #353c43; --edge: #7f8a95; --panel: #1c2024;
    --link: #85bcff; --on-link: #0b1520; --good: #74d69f; --waiting: #f0bc62; --broken: #ff9f96;
    --notice: #3a2f10; --on-notice: #ffe3a0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--page); }
.skip:focus { left: 0; top: 0; }
.notice { margin: 0; padding: .5rem 1rem; background: var(--notice); color: var(--on-notice); text-align: center; max-width: none; }
nav { border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; max-width: 76rem; margin: 0 auto; padding: .25rem 1rem; list-style: none; }
nav a { display: block; padding: .4rem 0; color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
nav [aria-current] { color: var(--text); font-weight: 600; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
main:focus { outline: none; }
h1 { margin: 1rem 0 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 0; font-size: 1.25rem; line-height: 1.3; }
p { margin: .5rem 0; max-width: 44rem; }
section { margin-top: 2.5rem; }
code { font: .9em ui-monospace, monospace; }
.message { padding: .75rem 1rem; max-width: none; border-left: 4px solid var(--good); background: var(--panel); }
.account { color: var(--quiet); font-weight: 400; }
.state { text-decoration-thickness: 1px; }
.good { color: var(--good); } .waiting { color: var(--waiting); } .broken { color: var(--broken); } .off { color: var(--quiet); }
p .state { font-weight: 600; }
button, input:not([type=radio]) { min-height: 2.5rem; padding: .4rem .9rem; font: inherit; border: 1px solid var(--edge); border-radius: .4rem; background: var(--page); color: var(--text); }
button { cursor: pointer; }
button:hover { border-color: var(--link); color: var(--link); }
[value=finish], [value=reconnect] { background: var(--link); border-color: var(--link); color: var(--on-link); }
[value=finish]:hover, [value=reconnect]:hover { color: var(--on-link); text-decoration: underline; }
.people { margin: 1.5rem 0 2.5rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.people li { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr) 27rem; gap: .25rem 1.5rem; align-items: center; padding: .75rem 0; border-bottom: 1px solid var(--line); }
.people h2 { font-size: 1rem; }
.people p { margin: 0; }
.people form { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: end; }
.people li:target { background: var(--panel); }
.others label { display: block; font-weight: 600; }
.others input { width: 100%; max-width: 22rem; margin: .25rem .5rem .5rem 0; }
.scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
caption { padding: .5rem .75rem; text-align: left; color: var(--quiet); }
th, td { padding: .5rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th, td .state { white-space: nowrap; }
tbody th { min-width: 8rem; max-width: 12rem; overflow-wrap: anywhere; }
thead th { background: var(--panel); }
fieldset { margin: 1rem 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; align-items: center; padding: .35rem 0; }
.choice input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--link); }
.choice p { grid-column: 2; margin: 0; color: var(--quiet); }
form + form { margin-top: .5rem; }
@media (max-width: 60rem) {
  .people li { grid-template-columns: minmax(0, 1fr); }
  .people form { justify-content: start; margin-top: .25rem; }
}
`;
