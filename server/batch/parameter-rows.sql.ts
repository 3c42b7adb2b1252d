// Rows that a statement is given as its parameters: an array for each column, or, of one row alone, its values. Reading a single row out
// of a dozen arrays costs Postgres more than storing it, so what often comes alone has a statement of its own for one row.

/** "one": a parameter is the value of a column in the only row. "many": it is an array of the column's values. */
export type RowCount = "one" | "many";

/** The number of a parameter, and the type of its column. */
export type Parameter = readonly [number, string];

export const numbered = (types: readonly string[], from: number): Parameter[] =>
  types.map((type, i) => [from + i, type]);

/** A select of the rows whose columns are these parameters. */
export function selectParameters(parameters: readonly Parameter[], rows: RowCount): string {
  if (rows === "one") return `select ${parameters.map(([number, type]) => `$${number}::${type}`).join(", ")}`;
  return `select * from unnest(${parameters.map(([number, type]) => `$${number}::${type}[]`).join(", ")})`;
}

/** The two forms of a statement; that for one row has a name of its own. */
export function forRows(
  name: string,
  textFor: (rows: RowCount) => string,
): Record<RowCount, { name: string; text: string }> {
  return {
    one: { name: `${name}-one`, text: textFor("one") },
    many: { name, text: textFor("many") },
  };
}

/** The parameters of columns that all have as many values. */
export const toParameters = <T>(
  columns: readonly (readonly T[])[],
  rows: RowCount,
): (T | readonly T[] | undefined)[] => (rows === "one" ? columns.map(([only]) => only) : [...columns]);
