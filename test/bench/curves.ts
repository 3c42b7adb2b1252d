// Curves of a run as SVG: figures that name a point. The axis up begins at nought; the one across too where a line does, and is logarithmic else.
import type { Chart, Figure } from "./report.ts";

const [WIDTH, HEIGHT] = [560, 260];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 150, 34, 36];
const COLORS = ["#2563eb", "#d97706", "#059669", "#9333ea"];

interface Line {
  name: string;
  points: { x: number; y: number }[];
}

const escapeText = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function toShort(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e3 ? `${value / 1e3} k` : String(value);
}

const CHARTS: Record<Chart, { title: string; across: string; origin: number }> = {
  stored: { title: "Whole path, as a ratio to an empty database", across: "events stored", origin: 0 },
  bodies: { title: "Whole path, as a ratio to bodies of 1 KB", across: "KB of a body", origin: 1 },
};

/** The charts of a run, each with its lines, which begin with what they are compared with, at 1. */
export function toCharts(figures: readonly Pick<Figure, "value" | "point">[]): Map<Chart, Line[]> {
  const charts = new Map<Chart, Line[]>();
  for (const { value, point } of figures) {
    if (!point) continue;
    const { chart, line: name } = point;
    const lines = charts.get(chart) ?? [];
    charts.set(chart, lines);
    let line = lines.find((each) => each.name === name);
    if (!line) {
      line = { name, points: [{ x: CHARTS[chart].origin, y: 1 }] };
      lines.push(line);
    }
    line.points.push({ x: point.x, y: value });
  }
  return charts;
}

export function toSvg(chart: Chart, lines: readonly Line[]): string {
  const { title, across } = CHARTS[chart];
  const all = lines.flatMap(({ points }) => points);
  const [low, high] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))];
  const top = Math.ceil(Math.max(...all.map(({ y }) => y)) * 1.1 * 10) / 10;
  const share = (x: number) => (low > 0 ? Math.log(x / low) / Math.log(high / low) : x / high);
  const at = ({ x, y }: { x: number; y: number }) => ({
    x: LEFT + share(x) * (WIDTH - LEFT - RIGHT),
    y: HEIGHT - BOTTOM - (y / top) * (HEIGHT - TOP - BOTTOM),
  });
  const text = (x: number, y: number, words: string, more = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escapeText(words)}</text>`;
  const steps = Array.from({ length: 5 }, (_, i) => (top * i) / 4);
  const grid = steps.map((value) => {
    const { y } = at({ x: low, y: value });
    return `<path d="M${LEFT} ${y.toFixed(1)}H${WIDTH - RIGHT}" stroke="#d4d4d8"/>${text(LEFT - 8, y + 4, value.toFixed(2), 'text-anchor="end"')}`;
  });
  const ticks = [...new Set(all.map(({ x }) => x))].map((x) =>
    text(at({ x, y: 0 }).x, HEIGHT - BOTTOM + 16, toShort(x), 'text-anchor="middle"'),
  );
  const drawn = lines.map(({ name, points }, i) => {
    const color = COLORS[i % COLORS.length];
    const placed = points.toSorted((a, b) => a.x - b.x).map(at);
    const path = placed.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    const dots = placed.map(({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${color}"/>`);
    const end = placed.at(-1) ?? { x: 0, y: 0 };
    return `<path d="M${path}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join("")}${text(end.x + 8, end.y + 4, name, `fill="${color}"`)}`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="11" fill="#52525b">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 18, title, 'font-size="13" fill="#18181b"'),
    ...grid,
    ...ticks,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, across, 'text-anchor="middle"'),
    ...drawn,
    "</svg>",
  ].join("\n")}\n`;
}
