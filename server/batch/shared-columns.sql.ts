// Shared columns: the values that many records of a statement have in common are sent once. Postgres reads an array of a
// column's values in half the time that it takes to read them out of JSON records, and most columns of a batch hold the
// same few values.
import { storableJson, storableText } from "#server/json/storable.ts";

/** Columns' names and their types in SQL. */
type Columns = Record<string, string>;

/** The columns that a statement reads of each record, and those that it reads once for all records that agree in them. */
export interface RecordColumns {
  own: Columns;
  shared: Columns;
}

/** A statement's parameters; each record of `own` names by `shared_id` the record of `shared` that completes it. */
export interface SplitRecords {
  /** An array for `shared_id` and for each own column, as Postgres writes arrays. */
  own: string[];
  /** JSON. */
  shared: string;
}

type OwnValue = string | number | Date | null | undefined;

/** A record is compared with this many of the latest groups, because neighbours are mostly alike. */
const COMPARED_GROUPS = 32;

/**
 * Groups records that agree in all shared columns, whose values are primitive, and keeps their order. A group may occur
 * more than once. What is undefined is null in SQL.
 */
export function splitRecords<T extends object, C extends RecordColumns>(
  records: readonly T[],
  columns: C & { shared: { [Column in keyof C["shared"]]: Column extends keyof T ? string : never } },
  toOwn: (record: T) => Record<keyof C["own"], OwnValue>,
): SplitRecords {
  const sharedKeys = Object.keys(columns.shared) as (keyof T)[];
  const groups: T[] = [];
  const findGroup = (record: T): number => {
    const last = groups.length - 1;
    for (let id = last; id >= 0 && id > last - COMPARED_GROUPS; id--) {
      const group = groups[id];
      if (group && sharedKeys.every((key) => group[key] === record[key])) return id;
    }
    return groups.push(record) - 1;
  };
  const sharedIds = records.map(findGroup);
  const rows = records.map(toOwn);
  const own = Object.keys(columns.own).map((column: keyof C["own"]) => rows.map((row) => row[column]));
  const shared = groups.map((group, shared_id) => ({
    shared_id,
    ...Object.fromEntries(sharedKeys.map((key) => [key, group[key]])),
  }));
  return { own: [sharedIds, ...own].map(toArray), shared: storableJson(shared) };
}

const toArray = (values: readonly OwnValue[]): string => storableText(`{${values.map(toElement).join(",")}}`);

function toElement(value: OwnValue): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : value.toISOString();
}

/**
 * Two CTEs: `shared`, a row for each group, and `input`, a row for each record with all columns of both halves and
 * `shared_id`, by which a count needs only to group. `shared` is the statement's first parameter, the arrays of `own` are
 * those from number `ownFrom` on.
 */
export function readRecords(ownFrom: number, { own, shared }: RecordColumns): string {
  const arrays = Object.entries({ shared_id: "integer", ...own });
  const unnested = arrays.map(([name, type], i) => `unnest($${ownFrom + i}::${type}[]) as ${name}`);
  const sharedTypes = Object.entries(shared).map(([name, type]) => `${name} ${type}`);
  return `
shared as materialized (
  select * from json_to_recordset($1::json) as shared(
    shared_id integer,
    ${sharedTypes.join(",\n    ")})
), input as materialized (
  select * from (select
    ${unnested.join(",\n    ")}
  ) as own join shared using (shared_id)
)`;
}
