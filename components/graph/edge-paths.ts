// The lines of the graph as paths of SVG. They leave and reach a card level.
import { formatCount } from "#components/ui/format.ts";
import type { Badges, LayoutEdge } from "./graph-types.ts";

type Line = Pick<LayoutEdge, "from" | "to">;

/** Right of a connection the line is straight for so long: there its badges stand. */
const STUB = 72;
/** From the port to the first badge. */
const BEFORE_BADGE = 9;

const at = (value: number) => String(Math.round(value * 10) / 10);

function curve(fromX: number, fromY: number, to: Line["to"]): string {
  const middle = at((fromX + to.x) / 2);
  return `C${middle} ${at(fromY)} ${middle} ${at(to.y)} ${at(to.x)} ${at(to.y)}`;
}

/** From a source to a connection. */
export const inEdgePath = ({ from, to }: Line): string => `M${at(from.x)} ${at(from.y)}${curve(from.x, from.y, to)}`;

/** Its width on the screen, of text of 11 px with tabular figures. */
const DIGIT = 6.7;
const COMMA = 3;
/** Icon, padding and outline of a badge, with the way to the next. */
const BADGE = 30;
const MORE = 18;

const textWidth = (text: string) =>
  [...text].reduce((sum, letter) => sum + (letter === "," || letter === "." ? COMMA : DIGIT), 0);

/** How far from the port the line goes on after the badges; nought where there are none. */
export function badgesWidth({ shown, hiddenCount }: Badges): number {
  if (shown.length === 0) return 0;
  const own = shown.reduce((sum, { count }) => sum + BADGE + textWidth(formatCount(count)), 0);
  return BEFORE_BADGE + 1 + own + (hiddenCount > 0 ? MORE : 0);
}

/**
 * From a connection to its destination: a short piece before the badges, and the rest after them, each a path of its own so
 * that dashes begin clean. Without badges there is only the rest.
 */
export function outEdgePaths({ from, to }: Line, badgesWidth: number): { stub: string | null; rest: string } {
  const [x, y] = [at(from.x), at(from.y)];
  const bendX = from.x + Math.max(STUB, badgesWidth);
  const rest = (startX: number) => `M${at(startX)} ${y}H${at(bendX)}${curve(bendX, from.y, to)}`;
  if (badgesWidth === 0) return { stub: null, rest: rest(from.x) };
  return { stub: `M${x} ${y}h${BEFORE_BADGE}`, rest: rest(from.x + badgesWidth) };
}
