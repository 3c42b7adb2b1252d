// The records of a statement, with what many of them have in common sent once. A JSON record costs Postgres time for each
// column that it may have, and most columns of a batch hold the same few values.

/** The JSON of two parameters; each record of `own` names by `shared_id` the record of `shared` that completes it. */
export interface SplitRecords {
  own: string;
  shared: string;
}

/** A record is compared with this many of the latest groups: what comes together is mostly alike. */
const COMPARED_GROUPS = 32;

/**
 * Groups records that agree in all of `sharedKeys`, whose values are primitive, and keeps their order. A group may occur
 * more than once. What JSON leaves out of either half is null in SQL.
 */
export function splitRecords<T extends object>(
  records: readonly T[],
  sharedKeys: readonly (keyof T)[],
  toOwn: (record: T) => object,
): SplitRecords {
  const groups: T[] = [];
  const findGroup = (record: T): number => {
    const last = groups.length - 1;
    for (let id = last; id >= 0 && id > last - COMPARED_GROUPS; id--) {
      const group = groups[id];
      if (group && sharedKeys.every((key) => group[key] === record[key])) return id;
    }
    return groups.push(record) - 1;
  };
  const own = records.map((record) => Object.assign(toOwn(record), { shared_id: findGroup(record) }));
  const shared = groups.map((group, shared_id) => ({
    shared_id,
    ...Object.fromEntries(sharedKeys.map((key) => [key, group[key]])),
  }));
  return { own: JSON.stringify(own), shared: JSON.stringify(shared) };
}

interface Half {
  /** Such as `$1`. */
  parameter: string;
  /** Names and types. */
  columns: string;
}

/**
 * Two CTEs: `shared`, a row for each group, and `input`, a row for each record with all columns of both halves and
 * `shared_id`, by which a count needs only to group.
 */
export const readRecords = (own: Half, shared: Half) => `
shared as materialized (
  select * from json_to_recordset(${shared.parameter}::json) as shared(shared_id integer, ${shared.columns})
), input as materialized (
  select * from json_to_recordset(${own.parameter}::json) as own(shared_id integer, ${own.columns}) join shared using (shared_id)
)`;
