// Rules are read and written as JSON text: Prisma parses a column of JSON to doubles, and a filter may hold numbers that
// no double holds.
import type { Ctx } from "#server/auth/ctx.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import type { Tx } from "./transact.ts";

type Db = Pick<Tx, "$queryRaw" | "$executeRaw">;

/** The column as text. A contract has checked it before it was written. */
export const toRules = (text: string): Rules => parseJson(text) as unknown as Rules;

/** The rules of these connections of the team, by connection. */
export async function readRules(db: Db, ctx: Ctx, ids: string[]): Promise<Map<string, Rules>> {
  const rows = await db.$queryRaw<{ id: string; rules: string }[]>`
    select id, rules::text as rules from connection where team_id = ${ctx.teamId} and id = any (${ids}::text[])`;
  return new Map(rows.map(({ id, rules }) => [id, toRules(rules)]));
}

/** @param updatedAt where the change is of the rules alone */
export async function writeRules(db: Db, ctx: Ctx, id: string, rules: Rules, updatedAt?: Date): Promise<void> {
  await db.$executeRaw`
    update connection set rules = ${JSON.stringify(rules)}::jsonb, updated_at = coalesce(${updatedAt ?? null}::timestamptz, updated_at)
    where team_id = ${ctx.teamId} and id = ${id}`;
}
