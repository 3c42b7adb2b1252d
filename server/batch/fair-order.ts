/**
 * The first `max` items, in turns: one of each group, then the next of each. Groups nest, so a team with many sources has
 * one turn among teams, and its sources have turns among themselves. Within the narrowest group the order is kept.
 *
 * @param keysOf the owners of an item, from the widest to the narrowest; the same number of keys for all
 */
export function fairOrder<T>(items: readonly T[], max: number, keysOf: (item: T) => readonly string[]): T[] {
  return takeTurns([...items], max, (item, level) => keysOf(item)[level], 0);
}

function takeTurns<T>(
  items: T[],
  max: number,
  keyAt: (item: T, level: number) => string | undefined,
  level: number,
): T[] {
  const [first] = items;
  if (first === undefined || keyAt(first, level) === undefined) return items.slice(0, max);
  const groups = [...Map.groupBy(items, (item) => keyAt(item, level)).values()].map((group) =>
    takeTurns(group, max, keyAt, level + 1),
  );
  if (groups.length === 1) return groups[0] ?? [];
  const taken: T[] = [];
  for (let round = 0; taken.length < max; round++) {
    const left = groups.filter((group) => group.length > round);
    if (left.length === 0) break;
    for (const group of left) taken.push(group[round] as T);
  }
  return taken.slice(0, max);
}
