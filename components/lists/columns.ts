// The columns that a list shows. Pure.
import type { Column } from "#components/data/table-rows.tsx";

/** A column that is `isExtra` is shown to those who choose it. The first of a list is always shown: it says what the row is. */
export type ListColumn<Row> = Column<Row> & { isExtra?: boolean };

type Keyed = Pick<ListColumn<never>, "key" | "isExtra">;

const usualKeys = (all: readonly Keyed[]) => all.filter(({ isExtra }) => !isExtra).map(({ key }) => key);

/** The keys that a list shows: of the address, else as the person has chosen before, else the usual ones. What the list has not is left out. */
export function keysShown(
  all: readonly Keyed[],
  address: string | null,
  remembered: readonly string[] | undefined,
): readonly string[] {
  for (const keys of [address?.split(","), remembered]) {
    const known = keys && all.filter(({ key }) => keys.includes(key)).map(({ key }) => key);
    if (known && known.length > 0) return known;
  }
  return usualKeys(all);
}

/** The keys with one more or one less; null where these are the usual ones. */
export function withKey(all: readonly Keyed[], shown: readonly string[], toggled: string): readonly string[] | null {
  const isShown = (key: string) => shown.includes(key) !== (key === toggled);
  const keys = all.filter(({ key }, at) => at === 0 || isShown(key)).map(({ key }) => key);
  return keys.join() === usualKeys(all).join() ? null : keys;
}
