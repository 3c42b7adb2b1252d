export type Side = "top" | "right" | "bottom";

const GAP_PX = 5;
const EDGE_PX = 8;

/** Puts a fixed box beside what it is about: on the other side where it would not fit, and never over the window's edge. */
export function placeBeside(box: HTMLElement, anchor: Element, side: Side): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const middle = side === "right" ? at.right + GAP_PX : at.left + (at.width - width) / 2;
  const above = at.top - height - GAP_PX;
  const below = at.bottom + GAP_PX;
  const preferred = side === "top" ? above : side === "bottom" ? below : at.top + (at.height - height) / 2;
  const other = side === "top" ? below : side === "bottom" ? above : preferred;
  const fits = preferred >= EDGE_PX && preferred + height <= innerHeight - EDGE_PX;
  box.style.left = `${Math.max(EDGE_PX, Math.min(middle, innerWidth - width - EDGE_PX))}px`;
  box.style.top = `${fits ? preferred : other}px`;
}
