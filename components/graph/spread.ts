// Cards of one column, each as near to where it wants to be as the others let it.

export interface Wanting {
  height: number;
  /** Where its middle wants to be; null: wherever there is room behind the card before it. */
  middle: number | null;
}

interface Block {
  /** The mean of where the first card of the block wants to begin. */
  start: number;
  weight: number;
  count: number;
}

/** A card that wants nothing follows its neighbours and pushes none of them. */
const LIGHT = 1e-6;

/**
 * The tops of the cards, in the order given, at least `gap` apart and none above `top`. Cards that would overlap are pushed
 * apart equally: the squares of all ways that they are moved are least.
 */
export function spread(cards: readonly Wanting[], gap: number, top: number): number[] {
  // Beside what stands before it in its column, every card has the height nought: what is left is an order to be kept.
  let before = 0;
  const offsets = cards.map(({ height }) => {
    const offset = before;
    before += height + gap;
    return offset;
  });
  const blocks: Block[] = [];
  let last = top;
  for (const [i, { height, middle }] of cards.entries()) {
    const wanted = middle === null ? last : middle - height / 2 - (offsets[i] ?? 0);
    last = Math.max(last, wanted);
    blocks.push({ start: wanted, weight: middle === null ? LIGHT : 1, count: 1 });
    mergeOverlapping(blocks);
  }
  const starts = blocks.flatMap(({ start, count }) => Array<number>(count).fill(Math.round(Math.max(start, top))));
  return starts.map((start, i) => start + (offsets[i] ?? 0));
}

/** Cards of the last block that would begin above the end of the one before join it. */
function mergeOverlapping(blocks: Block[]): void {
  for (let last = blocks.at(-1), above = blocks.at(-2); last && above; last = blocks.at(-1), above = blocks.at(-2)) {
    if (above.start <= last.start) return;
    const weight = above.weight + last.weight;
    const start = (above.start * above.weight + last.start * last.weight) / weight;
    blocks.splice(-2, 2, { start, weight, count: above.count + last.count });
  }
}
