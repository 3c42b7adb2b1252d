// A debug copy: an event once more, at another destination, to look at it there. Nobody counts on it, so it is sent once.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { EventSummary, ResendEvent } from "#server/contracts/event.ts";
import type { OwnRequest } from "#server/contracts/own-request.ts";
import { AppError } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { EventRow } from "#server/events/event-row.sql.ts";
import { resendStatement } from "#server/events/resend.sql.ts";
import { idTimeMs, newId } from "#server/ids.ts";
import { requirePayload } from "./erase-request.ts";
import { findEvent, ofRequest, toSummary, wakeLane } from "./events.ts";
import { isWithheld } from "./shown-request.ts";
import { type Tx, transact } from "./transact.ts";

/** @throws AppError UNPROCESSABLE or CONFLICT where no copy can go there */
async function requireOpen(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const [destination] = await tx.$queryRaw<{ name: string; is_disabled: boolean; ordering: string }[]>`
    select name, disabled_at is not null as is_disabled, coalesce(config ->> 'ordering', 'none') as ordering from destination
    where team_id = ${ctx.teamId} and id = ${id} for key share`;
  if (!destination)
    throw wrongField("destination_id", `There is no destination with the id ${id}: take one of GET /destinations.`);
  const { name, is_disabled, ordering } = destination;
  if (is_disabled) throw new AppError("CONFLICT", `The destination ${name} is disabled: enable it, or choose another.`);
  if (ordering !== "none")
    throw wrongField(
      "destination_id",
      `The destination ${name} keeps an order, which a copy would break: choose one without, or make one of type MOCK.`,
    );
}

function editedParts({ body_base64, ...head }: OwnRequest) {
  return { head, body: Buffer.from(body_base64, "base64") };
}

/** Makes a copy of an event at another destination. The event itself stays as it is. */
export async function resendEvent(ctx: Ctx, { id, destination_id, edited }: ResendEvent): Promise<EventSummary> {
  requireCan(ctx, "events.retry");
  const event = await findEvent(ctx, id, 0);
  requirePayload(ofRequest(event));
  if (isWithheld(event)) {
    const message = `The request of the event ${id} has masked fields, which would leave with a copy: try again some minutes after its last event has ended.`;
    throw new AppError("CONFLICT", message);
  }
  if (event.request_method === null)
    throw new AppError(
      "CONFLICT",
      `The request of the event ${id} is past its retention, so there is nothing to send.`,
    );
  const copyId = newId("event", idTimeMs(event.request_id));
  const where = { teamId: ctx.teamId, eventId: id, destinationId: destination_id };
  const { text, values } = resendStatement({
    ...where,
    copyId,
    now: ctx.app.now(),
    edited: edited ? editedParts(edited) : null,
  });
  const copy = await transact(ctx, async (tx) => {
    await requireOpen(tx, ctx, destination_id);
    const [made] = await tx.$queryRawUnsafe<EventRow[]>(text, ...values);
    if (!made) throw new AppError("CONFLICT", `The event ${id} was deleted meanwhile.`);
    await recordAudit(tx, ctx, "resend", "event", id, {
      after: { copy_id: copyId, destination_id, ...(edited && { is_edited: true }) },
    });
    return made;
  });
  await wakeLane(ctx, copy);
  return toSummary(copy);
}
