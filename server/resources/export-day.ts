// The export of a day before retention removes it: lines of JSON, a page at a time. Who has lost a page asks for it again.
import type { Ctx } from "#server/auth/ctx.ts";
import type { ExportDay } from "#server/contracts/retention.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { exportedLines } from "#server/retention/exported-rows.sql.ts";
import { DAY_MS } from "#server/retention/partitions.ts";

/** A row of the day may be written a moment after midnight. */
const SETTLED_MS = 5 * 60_000;

/** @throws AppError UNPROCESSABLE for a day that is not over: it would not be whole */
export async function exportDay(ctx: Ctx, { date, kind, after = "" }: ExportDay) {
  const dayMs = Date.parse(`${date}T00:00:00Z`);
  if (dayMs + DAY_MS + SETTLED_MS > ctx.app.now().getTime())
    throw wrongField("date", "This day is not over (UTC): give an earlier one, which is whole.");
  const rows = await ctx.app.searches.run<{ line: string }>(ctx, exportedLines(ctx.teamId, kind, dayMs, after));
  const body = Buffer.from(rows.map(({ line }) => `${line}\n`).join(""));
  return { content_type: "application/x-ndjson", body };
}
