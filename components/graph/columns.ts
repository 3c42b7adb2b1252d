// The measures of the graph: where its columns stand, and how much room a card takes. Rows get lower when the graph is
// zoomed out; columns keep their place and width.
import type { CardKind, Column } from "./graph-types.ts";

type Columns = Readonly<Record<CardKind, Column>>;

/** From this width of the canvas on, as drawn at a window of 1440. */
const WIDE = { canvas: 1240, source: 228, destination: 248, gaps: [156, 188] } as const;
const NARROW = { canvas: 1172, source: 196, destination: 244, gaps: [164, 156] } as const;
const CONNECTION_WIDTH = 372;
const LEFT = 24;
/** Beside a wide canvas the gaps grow up to this many times. */
const MOST_GAP = 2;

/** The columns on a canvas of this width, and the width of the world. A narrower canvas than the world pans. */
export function columnsFor(canvasWidth: number): { columns: Columns; width: number } {
  const set = canvasWidth >= WIDE.canvas ? WIDE : NARROW;
  const [left, right] = set.gaps;
  const spare = Math.max(0, canvasWidth - set.canvas);
  const growth = Math.min(MOST_GAP, 1 + spare / (left + right));
  const grown = (left + right) * (growth - 1);
  const x = LEFT + Math.floor((spare - grown) / 2);
  const connectionX = Math.round(x + set.source + left * growth);
  const destinationX = Math.round(connectionX + CONNECTION_WIDTH + right * growth);
  return {
    columns: {
      source: { x, width: set.source },
      connection: { x: connectionX, width: CONNECTION_WIDTH },
      destination: { x: destinationX, width: set.destination },
    },
    width: Math.max(canvasWidth, set.canvas),
  };
}

interface Rows {
  top: number;
  bottom: number;
  gap: Readonly<Record<CardKind, number>>;
  /** Between the connections of one destination and those of the next. */
  groupGap: number;
  /** From a card's top to the middle of its port, and no lower than its own middle. */
  connectionPort: number;
  /** Between the edges at one port, where there is room. */
  slot: number;
  /** Of a card's height, what ports leave free above and below. */
  portMargin: number;
  fold: Readonly<Record<CardKind, number>>;
}

const ROWS: Rows = {
  top: 8,
  bottom: 8,
  gap: { source: 18, connection: 6, destination: 16 },
  groupGap: 13,
  connectionPort: 28,
  slot: 10,
  portMargin: 16,
  fold: { source: 40, connection: 40, destination: 56 },
};
const COMPACT_ROWS: Rows = {
  top: 6,
  bottom: 6,
  gap: { source: 4, connection: 3, destination: 6 },
  groupGap: 7,
  connectionPort: 12,
  slot: 4,
  portMargin: 8,
  fold: { source: 24, connection: 24, destination: 42 },
};

export const rowsFor = (isCompact: boolean): Rows => (isCompact ? COMPACT_ROWS : ROWS);

const STRIP_OF_CONNECTION = 28;
const STRIP_OF_DESTINATION = 37;

export const sourceHeight = (isCompact: boolean): number => (isCompact ? 24 : 68);

/** @param hasStrip it waits for a person, and says for what */
export function connectionHeight({ hasStrip, isCompact }: { hasStrip: boolean; isCompact: boolean }): number {
  if (isCompact) return 24;
  return hasStrip ? 55 + STRIP_OF_CONNECTION : 55;
}

/** @param hasStrip it does not deliver, and says why */
export function destinationHeight(shown: { hasLimit: boolean; hasStrip: boolean; isCompact: boolean }): number {
  if (shown.isCompact) return 42;
  return (shown.hasLimit ? 118 : 111) + (shown.hasStrip ? STRIP_OF_DESTINATION : 0);
}
