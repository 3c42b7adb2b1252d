// Histograms of lists. They read a bounded number of the newest rows of the range, so a range of any size costs the same.
import type { Ctx } from "#server/auth/ctx.ts";
import type {
  AttemptHistogram,
  EventHistogram,
  Histogram,
  RequestCounts,
  RequestHistogram,
} from "#server/contracts/histogram.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { lowestId } from "#server/ids.ts";
import { ATTEMPT_STATUS, isListedAttempt } from "./attempts.sql.ts";
import { isListedEvent } from "./events.sql.ts";
import { isListedRequest } from "./requests.sql.ts";

/** The rows that are read; a search in bodies opens each of them. */
const MAX_ROWS = 100_000;
const MAX_BODIES = 5_000;

interface Row {
  slot: number;
  status: string;
  mark: string | null;
  count: number;
  looked_at: number;
  oldest_at: Date;
}

interface Looked {
  kind: "event" | "request" | "attempt";
  /** The name of a row in `where`. */
  row: "e" | "r" | "a";
  /** The column by which rows are counted. */
  status: string;
  /** A second thing by which they are told apart, in the same look. */
  mark: string;
  where: Prisma.Sql;
  isInBodies: boolean;
}

const total = (rows: readonly Row[]) => rows.reduce((sum, { count }) => sum + count, 0);

/** Events by state. */
export async function countEvents(ctx: Ctx, input: EventHistogram): Promise<Histogram> {
  const { answer } = await histogram(ctx, input, {
    kind: "event",
    row: "e",
    status: "e.status",
    mark: "null",
    where: isListedEvent(input),
    isInBodies: input.body !== undefined,
  });
  return answer;
}

/** Requests by whether they were accepted, refused or an answered handshake, and how many came twice or had nowhere to go. */
export async function countRequests(ctx: Ctx, input: RequestHistogram): Promise<RequestCounts> {
  const { answer, rows } = await histogram(ctx, input, {
    kind: "request",
    row: "r",
    status: "case when r.rejection_cause = 'HANDSHAKE' then 'handshake' else r.status end",
    mark: "case when r.duplicate_of is not null then 'duplicate' when r.rejection_cause = 'NO_CONNECTION' then 'no_connection' end",
    where: isListedRequest(input),
    isInBodies: input.body !== undefined,
  });
  const marked = (mark: string) => total(rows.filter((row) => row.mark === mark));
  return { ...answer, duplicate_count: marked("duplicate"), no_connection_count: marked("no_connection") };
}

/** Attempts by outcome. */
export async function countAttempts(ctx: Ctx, input: AttemptHistogram): Promise<Histogram> {
  const { answer } = await histogram(ctx, input, {
    kind: "attempt",
    row: "a",
    status: ATTEMPT_STATUS,
    mark: "null",
    where: isListedAttempt(input),
    isInBodies: false,
  });
  return answer;
}

type Range = Pick<EventHistogram, "from" | "to" | "buckets">;

async function histogram(ctx: Ctx, input: Range, looked: Looked): Promise<{ answer: Histogram; rows: Row[] }> {
  const nowMs = ctx.app.now().getTime();
  const [fromMs, toMs] = [resolveTime(input.from, nowMs), resolveTime(input.to, nowMs)];
  if (toMs <= fromMs) {
    const message = "Let the range end after it starts.";
    throw new AppError("UNPROCESSABLE", message, [{ path: "to", message }]);
  }
  const bucketMs = Math.ceil((toMs + 1 - fromMs) / input.buckets);
  const limit = looked.isInBodies ? MAX_BODIES : MAX_ROWS;
  const rows = await ctx.app.searches.run<Row>(ctx, countStatement(ctx, looked, { fromMs, toMs, bucketMs, limit }));
  const lookedAt = rows.reduce((sum, { looked_at }) => sum + looked_at, 0);
  const oldestMs = Math.min(...rows.map(({ oldest_at }) => oldest_at.getTime()));
  const data = Array.from({ length: Math.ceil((toMs + 1 - fromMs) / bucketMs) }, (_, slot) => ({
    time_bucket: new Date(fromMs + slot * bucketMs).toISOString(),
    counts: countsIn(rows.filter((row) => row.slot === slot && row.count > 0)),
  }));
  const answer = {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    bucket_ms: bucketMs,
    data,
    total: total(rows),
    is_at_least: lookedAt === limit,
    counted_from: new Date(lookedAt === limit ? oldestMs : fromMs).toISOString(),
  };
  return { answer, rows };
}

function countsIn(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, count } of rows) counts[status] = (counts[status] ?? 0) + count;
  return counts;
}

interface Span {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  limit: number;
}

function countStatement(
  ctx: Ctx,
  { kind, row, status, mark, where }: Looked,
  { fromMs, toMs, bucketMs, limit }: Span,
): Prisma.Sql {
  const [table, r] = [Prisma.raw(kind), Prisma.raw(row)];
  return Prisma.sql`
    select floor((extract(epoch from ${r}.created_at) * 1000 - ${fromMs}::float8) / ${bucketMs}::float8)::int as slot, ${Prisma.raw(status)} as status,
      ${Prisma.raw(mark)} as mark, (count(*) filter (where ${where}))::int as count, count(*)::int as looked_at, min(${r}.created_at) as oldest_at
    from (
      select * from ${table} where team_id = ${ctx.teamId} and id >= ${lowestId(kind, fromMs)} and id < ${lowestId(kind, toMs + 1)}
      order by id desc limit ${limit}
    ) as ${r} group by 1, 2, 3`;
}
