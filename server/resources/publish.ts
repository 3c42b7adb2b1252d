// Publishing: a team's own services hand over events that are routed like any webhook. Each is stored as a CloudEvent in
// binary mode: its body is the data, and its attributes are headers. docs/decisions/065-publish.md
import { createHash } from "node:crypto";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { type Publish, Published, PublishedEvent } from "#server/contracts/publish.ts";
import { RATE_PERIOD_MS } from "#server/contracts/rate-period.ts";
import { heldConfig, type SourceConfig } from "#server/contracts/source.ts";
import { instantMs } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";
import { parseInput, wrongField } from "#server/errors/field-issues.ts";
import { isId, newRequestId } from "#server/ids.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { isJsonType, mediaType } from "#server/payload/media-type.ts";

interface Target {
  id: string;
  name: string;
  config: SourceConfig;
}

async function findTarget(ctx: Ctx, source: string): Promise<Target> {
  const row = await ctx.app.db.source.findFirst({
    where: { team_id: ctx.teamId, ...(isId("source", source) ? { id: source } : { name: source }) },
    select: {
      id: true,
      name: true,
      type: true,
      is_system: true,
      disabled_at: true,
      config: true,
      team: { select: { masked_paths: true } },
    },
  });
  if (!row)
    throw new AppError(
      "NOT_FOUND",
      `There is no source ${source}: make one by POST /v1/sources with its name and the type PUBLISH.`,
    );
  if (row.is_system)
    throw wrongField(
      "source",
      `${row.name} is the system source, which only the product speaks for: publish on another one.`,
    );
  if (row.type !== "PUBLISH")
    throw wrongField("source", `${row.name} is of type ${row.type}: publish on a source of type PUBLISH.`);
  if (row.disabled_at !== null) throw new AppError("CONFLICT", `The source ${row.name} is disabled: enable it first.`);
  return { id: row.id, name: row.name, config: heldConfig(row.config as SourceConfig, row.team.masked_paths) };
}

/** The events of a call, which may be one beside the source. */
function eventsOf({ source: _source, idempotency_key: _key, events, ...alone }: Publish): PublishedEvent[] {
  const isAlone = Object.keys(alone).length > 0;
  if (events && isAlone)
    throw wrongField("events", `Give events, or the fields of one event, and not both: ${Object.keys(alone)[0]}.`);
  return events ?? [parseInput(PublishedEvent, alone)];
}

function bodyOf({ data, data_base64, content_type }: PublishedEvent, path: string): Buffer {
  if (data !== undefined && data_base64 !== undefined)
    throw wrongField(`${path}data_base64`, "Give data or data_base64, and not both.");
  if (data_base64 !== undefined) return Buffer.from(data_base64, "base64");
  if (data === undefined) return Buffer.alloc(0);
  const isText = typeof data === "string" && content_type !== undefined && !isJsonType(mediaType(content_type));
  return Buffer.from(isText ? data : JSON.stringify(data), "utf8");
}

/** As CloudEvents writes attributes in headers: what is no visible ASCII, a blank, a quote and a percent sign are encoded. */
const headerText = (text: string) => text.replaceAll(/[^\x21-\x7e]|["%]/gu, (letter) => encodeURIComponent(letter));

function headersOf(event: PublishedEvent, id: string, at: Date, source: string): HeaderList {
  const { source: origin = `/sources/${source}`, ...attributes } = event.attributes ?? {};
  const hasBody = event.data !== undefined || event.data_base64 !== undefined;
  const type = event.content_type ?? (event.data === undefined ? "application/octet-stream" : "application/json");
  const named: [string, string | undefined][] = [
    ["specversion", "1.0"],
    ["id", id],
    ["type", event.type],
    ["source", origin],
    ["time", at.toISOString()],
    ["subject", event.resource_id],
    ...Object.entries(attributes),
  ];
  return [
    ...(hasBody ? [["content-type", type] as [string, string]] : []),
    ...named.flatMap(([name, value]): HeaderList => (value === undefined ? [] : [[`ce-${name}`, headerText(value)]])),
  ];
}

function toArrival(
  ctx: Ctx,
  target: Target,
  event: PublishedEvent,
  path: string,
  now: Date,
): Arrival & { event_id: string } {
  const { config } = target;
  const id = newRequestId(now.getTime());
  const event_id = event.id ?? id;
  const at = event.occurred_at === undefined ? now : new Date(instantMs(event.occurred_at, now.getTime()));
  const body = bodyOf(event, path);
  if (body.length > config.body_limit_bytes)
    throw new AppError(
      "PAYLOAD_TOO_LARGE",
      `${path}data has ${body.length} bytes, and the source ${target.name} takes ${config.body_limit_bytes}.`,
    );
  const headers = headersOf(event, event_id, at, target.name);
  const [, type] = headers.find(([name]) => name === "content-type") ?? [];
  return {
    event_id,
    team_id: ctx.teamId,
    id,
    source_id: target.id,
    status: "accepted",
    // By the API key of the caller, which vouches for whoever sent it.
    verification: "authenticated",
    verified: true,
    method: "POST",
    path: "/",
    query: "",
    headers,
    content_type: type ?? null,
    body,
    body_bytes: body.length,
    event_type: event.type,
    provider_event_id: event_id,
    // An id that was just made is no other event's.
    ...(event.id !== undefined && config.deduplicate_provider_events && { duplicate_key: event.id }),
    ...(config.masked_paths.length > 0 && { masks: JSON.stringify(config.masked_paths) }),
    is_kept: true,
    remote_ip: "",
    created_at: now,
  };
}

/** Commits the events together, or none of them. */
export async function publish(ctx: Ctx, input: Publish): Promise<Published> {
  requireCan(ctx, "event.publish");
  const target = await findTarget(ctx, input.source);
  const events = eventsOf(input);
  const now = ctx.app.now();
  const placeOf = (index: number) => (input.events ? `events[${index}].` : "");
  const arrivals = events.map((event, index) => toArrival(ctx, target, event, placeOf(index), now));
  const text = input.idempotency_key;
  const { rate_limit: limit, rate_limit_period: period } = target.config;
  if (limit !== null && arrivals.length > limit)
    throw wrongField(
      "events",
      `Give at most ${limit} at a time: the source ${target.name} takes no more per ${period}.`,
    );
  const outcome = await ctx.app.publisher.publish(
    {
      teamId: ctx.teamId,
      key: text === undefined ? null : { text, digest: digestOf(target.id, events) },
      rate:
        limit === null
          ? null
          : { sourceId: target.id, limit, periodMs: RATE_PERIOD_MS[period], wanted: arrivals.length },
      arrivals,
      now,
    },
    (duplicates): Published => ({
      published_count: arrivals.length - duplicates.size,
      duplicate_count: duplicates.size,
      events: arrivals.map(({ id, event_id }) => ({
        request_id: id,
        id: event_id,
        duplicate_of: duplicates.get(id) ?? null,
      })),
    }),
  );
  switch (outcome.kind) {
    case "published":
      return outcome.answer;
    case "repeated":
      return Published.parse(outcome.answer);
    case "other_events":
      throw new AppError(
        "CONFLICT",
        "This idempotency_key came with other events in the last 24 h: use a new key for new events, or send the same again.",
      );
    case "limited":
      throw new AppError(
        "TOO_MANY_REQUESTS",
        `The source ${target.name} takes at most ${limit} per ${period}, and nothing of this was published: send it again in ${Math.max(1, Math.ceil(outcome.waitMs / 1000))} s.`,
      );
  }
}

const digestOf = (sourceId: string, events: readonly PublishedEvent[]) =>
  createHash("sha256")
    .update(JSON.stringify([sourceId, events]))
    .digest();
