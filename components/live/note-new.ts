/** Nobody reads a greater number. */
export const MAX_NEW = 999;

/** Notes which of these rows would stand above the newest one that a list shows; a row that no longer matches is forgotten. Pure. */
export function noteNew<T extends { id: string }>(
  seen: Set<string>,
  rows: readonly T[],
  newestId: string,
  matches: (row: T) => boolean,
): void {
  for (const row of rows) {
    if (row.id <= newestId || !matches(row)) seen.delete(row.id);
    else if (seen.size < MAX_NEW) seen.add(row.id);
  }
}
