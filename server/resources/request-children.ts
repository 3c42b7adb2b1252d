// The branches of one request: each connection either made an event or an ignored event.
import type { Ctx } from "#server/auth/ctx.ts";
import { type EventSummary, ListEvents } from "#server/contracts/event.ts";
import type { Page } from "#server/contracts/page.ts";
import type { IgnoredEvent, ListRequestChildren } from "#server/contracts/request.ts";
import { notFound } from "#server/errors/app-error.ts";
import { derivedRange } from "#server/ids.ts";
import { listEvents } from "./events.ts";
import { pageWindow, toPage } from "./paging.ts";
import { selectIgnoredEvents } from "./request-children.sql.ts";
import { isWithheld, type Masks } from "./shown-request.ts";

async function requireRequest(ctx: Ctx, id: string): Promise<Masks> {
  const found = await ctx.app.db.request.findUnique({
    where: { team_id_id: { team_id: ctx.teamId, id } },
    select: { masks: true, masked_at: true },
  });
  if (!found) throw notFound("request", id);
  return found;
}

export async function listRequestEvents(ctx: Ctx, input: ListRequestChildren): Promise<Page<EventSummary>> {
  await requireRequest(ctx, input.request_id);
  return listEvents(ctx, ListEvents.parse({ ...input, request_id: [input.request_id] }));
}

export async function listIgnoredEvents(ctx: Ctx, input: ListRequestChildren): Promise<Page<IgnoredEvent>> {
  const isHidden = isWithheld(await requireRequest(ctx, input.request_id));
  const window = pageWindow("ignored_event", input, ctx.app.now());
  const rows = await selectIgnoredEvents(
    ctx,
    input.request_id,
    derivedRange("ignored_event", input.request_id),
    window,
  );
  return toPage(
    rows.map((row) => ({
      ...row,
      ...(isHidden && { detail: "Withheld until the masks of its request are applied.", why: [] }),
      occurred_at: row.occurred_at?.toISOString() ?? null,
      created_at: row.created_at.toISOString(),
    })),
    window,
  );
}
