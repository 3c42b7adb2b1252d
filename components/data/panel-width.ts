// The width of the panel beside a list: what a person chose, within what leaves the list readable.

export const PANEL_WIDTH = { min: 420, initial: 572, max: 900 };

export const boundedWidth = (px: number): number =>
  Math.min(Math.max(Math.round(px), PANEL_WIDTH.min), PANEL_WIDTH.max);

/** The width that was remembered; the first one where nothing sensible was. */
export function readWidth(text: string | null): number {
  const px = text !== null && /^\d{1,5}$/.test(text) ? Number(text) : PANEL_WIDTH.initial;
  return boundedWidth(px);
}

const STEP_PX = 16;

/** The width after a key on the edge, which stands at the panel's left; undefined for other keys. */
export function widthAfterKey(px: number, key: string): number | undefined {
  switch (key) {
    case "ArrowLeft":
      return boundedWidth(px + STEP_PX);
    case "ArrowRight":
      return boundedWidth(px - STEP_PX);
    case "Home":
      return PANEL_WIDTH.min;
    case "End":
      return PANEL_WIDTH.max;
    default:
      return undefined;
  }
}
