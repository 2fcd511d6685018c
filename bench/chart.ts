import { INTERPRETED } from './processes.js';
import type { Row } from './sections.js';
import { WORKLOADS } from './workloads.js';

const WIDTH = 860;
const LABEL_WIDTH = 150;
const BAR_HEIGHT = 14;
const COLOURS: Readonly<Record<string, string>> = {
  'xkit-graphql': '#1f7a5c',
  [INTERPRETED]: '#5fa78c',
  mercurius: '#8a8fa3',
  'mercurius-equipped': '#6f7489',
  apollo: '#a3a8bb',
  'plain-yoga': '#bcc0ce',
  hive: '#d3d6e0',
  tailcall: '#b8a99a',
};

/** Draws CPU time relative to the limit, as SVG. The axis is logarithmic, because values differ by a factor of 30. */
export function drawChart(rows: readonly Row[]): string {
  const shown = rows.filter(({ target }) => target !== 'limit');
  const most = Math.max(...shown.map(({ timesLimit }) => timesLimit.median));
  const toLength = (times: number) => (Math.log(Math.max(times, 1)) / Math.log(most)) * (WIDTH - LABEL_WIDTH - 160);
  const parts: string[] = [];
  let y = 50;
  for (const { name, about } of WORKLOADS) {
    parts.push(`<text x="0" y="${y}" class="head">${name}: ${about}</text>`);
    y += 10;
    for (const { target, timesLimit } of shown.filter(({ workload }) => workload === name)) {
      const length = Math.max(2, toLength(timesLimit.median)).toFixed(1);
      const label = target.startsWith('xkit-graphql') ? ' class="ours"' : '';
      parts.push(
        `<text x="0" y="${y + 11}"${label}>${target}</text>`,
        `<rect x="${LABEL_WIDTH}" y="${y}" width="${length}" height="${BAR_HEIGHT}" fill="${COLOURS[target] ?? '#888'}"/>`,
        `<text x="${(LABEL_WIDTH + Number(length) + 6).toFixed(1)}" y="${y + 11}"${label}>${timesLimit.median.toFixed(1)} ×</text>`,
      );
      y += BAR_HEIGHT + 4;
    }
    y += 26;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img">
<title>Processor time for each request, as a multiple of the limit on Node; less is better, and the axis is logarithmic</title>
<style>text { font: 12px system-ui, sans-serif; fill: #333 } .head { font-weight: 600 } .ours { font-weight: 700; fill: #1f7a5c } @media (prefers-color-scheme: dark) { text { fill: #ddd } .ours { fill: #4fc79c } }</style>
<text x="0" y="20">Processor time for each request, as a multiple of the limit on Node. Less is better; the axis is logarithmic.</text>
${parts.join('\n')}
</svg>
`;
}
