import type { Ctx } from "#server/auth/ctx.ts";
import type { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import type { PageInput } from "#server/contracts/page.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { idTimeMs, isId, lowestId } from "#server/ids.ts";
import type { PackedHeaders } from "#server/wire/packed-headers.ts";
import { all, anyOf, anyOfNumbers, inOrder, inWindow, ofGroups } from "./list-filters.sql.ts";
import type { PageWindow } from "./paging.ts";
import { isShown } from "./shown-request.ts";

type Unlike = "request_headers" | "response_headers" | "response_body" | "phases" | "created_at" | "explanation";
export type AttemptRow = Omit<Attempt, Unlike> & {
  request_headers: PackedHeaders;
  response_headers: PackedHeaders | null;
  /** In the order of the contract. */
  phases: number[] | null;
  response_body: Uint8Array | null;
  created_at: Date;
};

/** Whether it is of a request whose masks are not applied yet where it is stored. */
const IS_WITHHELD = Prisma.sql`exists (select from event e join request r on r.team_id = e.team_id and r.id = e.request_id
  where e.team_id = a.team_id and e.id = a.event_id and not ${Prisma.raw(isShown("r"))})`;

const columnsWith = (responseBody: string, isWithheld = IS_WITHHELD) =>
  Prisma.sql`a.id, a.team_id, a.event_id, a.source_id, a.connection_id, a.destination_id, a.number, a.trigger,
  a.requested_url, a.http_method, a.request_headers, a.response_status, a.response_headers, ${Prisma.raw(responseBody)} as response_body,
  a.error_code, a.latency_ms, a.phases, a.created_at, ${isWithheld} as is_withheld`;

const WITH_BODY = "a.response_body";
const WITHOUT_BODY = "null::bytea";
/** The columns of an {@link AttemptRow} that is called `a`. */
export const attemptColumns = columnsWith(WITH_BODY);

/** No attempt is older than its event, so earlier partitions hold none. */
function ofEvents(eventIds: string[] | undefined): Prisma.Sql {
  if (eventIds === undefined) return Prisma.sql`true`;
  const times = eventIds.filter((id) => isId("event", id)).map(idTimeMs);
  if (times.length === 0) return Prisma.sql`false`;
  return Prisma.sql`a.id >= ${lowestId("attempt", Math.min(...times))} and ${anyOf("a.event_id", eventIds)}`;
}

/** A look-up by primary key for each attempt: an attempt does not name its group. */
const ofEventGroups = (groups: string[] | undefined) =>
  groups === undefined
    ? Prisma.sql`true`
    : Prisma.sql`exists (select from event e where e.team_id = a.team_id and e.id = a.event_id and ${ofGroups("e", groups)})`;

/** The outcome of an attempt, as the lists name it. */
export const ATTEMPT_STATUS = "(case when a.error_code is null then 'DELIVERED' else 'FAILED' end)";

const atLeast = (column: string, value: number | undefined) =>
  value === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} >= ${value}::float8`;
const atMost = (column: string, value: number | undefined) =>
  value === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} <= ${value}::float8`;

/** The conditions of a list of attempts that do not depend on its page; a row is `a`. */
export const isListedAttempt = (input: Omit<ListAttempts, keyof PageInput | "with_body">): Prisma.Sql =>
  all([
    ofEvents(input.event_id),
    anyOf("a.source_id", input.source_id),
    anyOf("a.connection_id", input.connection_id),
    anyOf("a.destination_id", input.destination_id),
    anyOf(ATTEMPT_STATUS, input.status),
    anyOf("a.trigger", input.trigger),
    atLeast("a.latency_ms", input.min_latency_ms),
    atMost("a.latency_ms", input.max_latency_ms),
    anyOf("a.error_code", input.error_code),
    anyOfNumbers("a.response_status", input.response_status),
    ofEventGroups(input.group),
  ]);

/** Whether a request of the team waits for its masks. The partial index has no others. */
async function isAnyWithheld(ctx: Ctx): Promise<boolean> {
  const [row] = await ctx.app.db.$queryRaw<{ found: boolean }[]>`
    select exists (select from request where team_id = ${ctx.teamId} and masks is not null and masked_at is null) as found`;
  return row?.found ?? true;
}

/**
 * Reads attempts, and of which requests they are only where it matters: planning that for days of two tables costs more than
 * the list. What came between the looks is why there are two.
 */
async function readAttempts(
  ctx: Ctx,
  read: (columns: typeof columnsWith) => Promise<AttemptRow[]>,
): Promise<AttemptRow[]> {
  if (await isAnyWithheld(ctx)) return read(columnsWith);
  const rows = await read((body) => columnsWith(body, Prisma.sql`false`));
  return (await isAnyWithheld(ctx)) ? read(columnsWith) : rows;
}

export function selectAttempts(ctx: Ctx, input: ListAttempts, window: PageWindow): Promise<AttemptRow[]> {
  const where = all([inWindow("a", ctx.teamId, window), isListedAttempt(input)]);
  return readAttempts(ctx, (columns) => {
    const body = input.with_body === false ? WITHOUT_BODY : WITH_BODY;
    const statement = Prisma.sql`select ${columns(body)} from attempt a where ${where} ${inOrder("a", window)}`;
    return ctx.app.searches.run(ctx, statement);
  });
}

export async function selectAttempt(ctx: Ctx, id: string): Promise<AttemptRow | undefined> {
  const [row] = await readAttempts(
    ctx,
    (columns) => ctx.app.db.$queryRaw<AttemptRow[]>`
      select ${columns(WITH_BODY)} from attempt a where a.team_id = ${ctx.teamId} and a.id = ${id}`,
  );
  return row;
}
