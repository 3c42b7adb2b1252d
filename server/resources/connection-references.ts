import type { Ctx } from "#server/auth/ctx.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { holdRow, type Tx } from "./transact.ts";

/**
 * Checks that the team has what a connection refers to, and keeps it from vanishing before the commit; else a 422 that
 * names the field.
 */
export async function holdReferences(
  tx: Tx,
  ctx: Ctx,
  refers: { source_id?: string | undefined; destination_id?: string | undefined; rules?: Rules | undefined },
): Promise<void> {
  for (const end of ["source", "destination"] as const) {
    const id = refers[`${end}_id`];
    if (id !== undefined && !(await holdRow(tx, ctx, end, id))) {
      throw wrongField(
        `${end}_id`,
        `There is no ${end} with the id ${id}: take one of GET /${end}s, or send an inline ${end}.`,
      );
    }
  }
  for (const [index, rule] of (refers.rules ?? []).entries()) {
    if (rule.type !== "transform" || (await holdRow(tx, ctx, "transformation", rule.transformation_id))) continue;
    const message = `There is no transformation with the id ${rule.transformation_id}: take one of GET /transformations.`;
    throw wrongField(`rules[${index}].transformation_id`, message);
  }
}
