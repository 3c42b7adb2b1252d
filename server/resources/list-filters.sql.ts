// The conditions that the lists of requests, events and attempts share. Columns are named by our code, values are parameters.
import { groupEnds, isOfGroups } from "#server/contracts/group-filter.ts";
import { AppError } from "#server/errors/app-error.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import type { Json } from "#server/json/value.ts";
import { isAnyType, likeOf } from "#server/replay/filters.sql.ts";
import type { PageWindow } from "./paging.ts";

const NONE = Prisma.sql`true`;

/** `null` as the value of a column never matches; an absent filter always does. */
export function equals(column: string, value: string | boolean | undefined): Prisma.Sql {
  return value === undefined ? NONE : Prisma.sql`${Prisma.raw(column)} = ${value}`;
}

/** Whether the column of a row has a value. */
export function isThere(column: string, wanted: boolean | undefined): Prisma.Sql {
  return wanted === undefined ? NONE : Prisma.raw(`${column} is ${wanted ? "not null" : "null"}`);
}

/** An event type: the value itself, or with a `*` in it all that it stands for, as in the filter rule and in a replay. */
export function matches(column: string, glob: string | undefined): Prisma.Sql {
  if (glob === undefined) return NONE;
  const [operator, value] = glob.includes("*") ? ["like", likeOf(glob)] : ["=", glob];
  const [before = "", between = "", after = ""] = isAnyType(column, `${operator} ?`).split("?");
  return Prisma.sql`${Prisma.raw(before)}${value}${Prisma.raw(between)}${value}${Prisma.raw(after)}`;
}

export function anyOf(column: string, values: readonly string[] | undefined): Prisma.Sql {
  return values === undefined ? NONE : Prisma.sql`${Prisma.raw(column)} = any (${[...values]}::text[])`;
}

export function anyOfNumbers(column: string, values: readonly number[] | undefined): Prisma.Sql {
  return values === undefined ? NONE : Prisma.sql`${Prisma.raw(column)} = any (${[...values]}::integer[])`;
}

/** Events of these groups; a row is `row`. */
export function ofGroups(row: string, values: readonly string[] | undefined): Prisma.Sql {
  if (values === undefined) return NONE;
  const [before = "", after = ""] = isOfGroups(row, "?").split("?");
  return Prisma.sql`${Prisma.raw(before)}${groupEnds(values)}${Prisma.raw(after)}`;
}

/** The rows of a team inside a page's range of ids. */
export function inWindow(alias: string, teamId: string, window: PageWindow): Prisma.Sql {
  const id = Prisma.raw(`${alias}.id`);
  const { gte, gt, lte, lt } = window.where.id;
  const conditions = [
    Prisma.sql`${Prisma.raw(`${alias}.team_id`)} = ${teamId}`,
    anyOf(`${alias}.id`, window.where.id.in),
  ];
  if (gte !== undefined) conditions.push(Prisma.sql`${id} >= ${gte}`);
  if (gt !== undefined) conditions.push(Prisma.sql`${id} > ${gt}`);
  if (lte !== undefined) conditions.push(Prisma.sql`${id} <= ${lte}`);
  if (lt !== undefined) conditions.push(Prisma.sql`${id} < ${lt}`);
  return all(conditions);
}

export const all = (conditions: Prisma.Sql[]): Prisma.Sql => Prisma.join(conditions, " and ");

/** The order and size of a page. */
export function inOrder(alias: string, window: PageWindow): Prisma.Sql {
  return Prisma.sql`order by ${Prisma.raw(`${alias}.id ${window.orderBy.id}`)} limit ${window.take}`;
}

/** JSON containment of the searched value in a `bytea` expression; bodies that are no JSON never match. */
export function bodyContains(body: Prisma.Sql, searched: Json | undefined): Prisma.Sql {
  if (searched === undefined) return NONE;
  requireSearchableNumbers(searched);
  const json = JSON.stringify(searched);
  // JSON.stringify escapes no other characters by number than control characters and lone surrogates; jsonb refuses these two.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(json)) {
    const message = "Leave out the character U+0000 and lone surrogates: they cannot be searched for.";
    throw new AppError("UNPROCESSABLE", message, [{ path: "body", message }]);
  }
  return Prisma.sql`body_json(${body}) @> ${json}::jsonb`;
}

/** jsonb writes exponents out, up to 131,072 digits before the point and 16,383 behind it. */
const MAX_NUMBER_DIGITS = 10_000;

function requireSearchableNumbers(searched: Json): void {
  const open: Json[] = [searched];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value instanceof ExactNumber) {
      const { digits, exponent } = value.decimal;
      if (digits.length <= MAX_NUMBER_DIGITS && exponent <= MAX_NUMBER_DIGITS && exponent >= -MAX_NUMBER_DIGITS)
        continue;
      const message = `Search for numbers of at most ${MAX_NUMBER_DIGITS} digits, with the exponent written out.`;
      throw new AppError("UNPROCESSABLE", message, [{ path: "body", message }]);
    }
    if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
}
