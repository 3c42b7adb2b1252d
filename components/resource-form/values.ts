// The fields of a form by their paths in the API (`config.rate_limit`), and what two people made of the same ones. Pure.

/** What a field holds; undefined is a secret that stays as it is. */
export type FieldValue = unknown;
export type Values = Readonly<Record<string, FieldValue>>;

const isSameValue = (a: FieldValue, b: FieldValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The changes without those that lead back to where they began. */
export const realChanges = (base: Values, changes: Values): Values =>
  Object.fromEntries(Object.entries(changes).filter(([field, value]) => !isSameValue(value, base[field])));

/** What became of one field that somebody else has changed. */
export interface Meanwhile {
  field: string;
  before: FieldValue;
  theirs: FieldValue;
  /** Undefined where only they have changed it. */
  mine: { value: FieldValue } | undefined;
}

/**
 * The fields that somebody else has changed since `base` was read. Where both came to the same value there is nothing to
 * choose, so it counts as theirs.
 */
export function changedMeanwhile(base: Values, theirs: Values, changes: Values): Meanwhile[] {
  return [...new Set([...Object.keys(base), ...Object.keys(theirs)])]
    .filter((field) => !isSameValue(base[field], theirs[field]))
    .map((field) => {
      const isMine = Object.hasOwn(changes, field) && !isSameValue(changes[field], theirs[field]);
      const mine = isMine ? { value: changes[field] } : undefined;
      return { field, before: base[field], theirs: theirs[field], mine };
    });
}

export const isClash = ({ mine }: Meanwhile): boolean => mine !== undefined;

/** My changes over theirs, of the fields of both those for which `isMine` says so. */
export const keptChanges = (theirs: Values, changes: Values, dropped: ReadonlySet<string>): Values =>
  realChanges(theirs, Object.fromEntries(Object.entries(changes).filter(([field]) => !dropped.has(field))));
