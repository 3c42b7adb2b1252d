// Keys in a list: they move the current row and choose rows. Pure, so that a table is only a drawing.

export interface RowState {
  /** The row with the focus; -1 before there is one. */
  current: number;
  /** The row from which Shift x reaches. */
  anchor: number;
  chosen: ReadonlySet<string>;
}

/** Rows that PageDown moves by. */
const PAGE_ROWS = 10;

function moveTo(current: number, key: string, count: number): number | undefined {
  switch (key) {
    case "j":
    case "ArrowDown":
      return current + 1;
    case "k":
    case "ArrowUp":
      return current - 1;
    case "PageDown":
      return current + PAGE_ROWS;
    case "PageUp":
      return current - PAGE_ROWS;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** One row chosen or no longer; the next Shift x reaches from it. */
export function toggleRow(state: RowState, ids: readonly string[], index: number): RowState {
  const id = ids[index];
  if (id === undefined) return state;
  const chosen = new Set(state.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { current: index, anchor: index, chosen };
}

/** All rows from the anchor to this one, beside those that were chosen before. */
export function chooseTo(state: RowState, ids: readonly string[], index: number): RowState {
  const from = state.anchor < 0 ? index : state.anchor;
  const range = ids.slice(Math.min(from, index), Math.max(from, index) + 1);
  return { current: index, anchor: from, chosen: new Set([...state.chosen, ...range]) };
}

/** All loaded rows, or none when all were chosen already. */
export function toggleAll(state: RowState, ids: readonly string[]): RowState {
  const isAll = ids.length > 0 && ids.every((id) => state.chosen.has(id));
  return { ...state, chosen: new Set(isAll ? [] : ids) };
}

/** The state after a key, or undefined when the key is none of a list's. */
export function afterKey(state: RowState, ids: readonly string[], key: string): RowState | undefined {
  if (ids.length === 0) return undefined;
  if (key === "x") return toggleRow(state, ids, Math.max(state.current, 0));
  if (key === "X") return chooseTo(state, ids, Math.max(state.current, 0));
  const next = moveTo(state.current, key, ids.length);
  return next === undefined ? undefined : { ...state, current: Math.min(Math.max(next, 0), ids.length - 1) };
}
