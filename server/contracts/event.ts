import { z } from "zod";
import { AttemptTrigger, ErrorCode } from "./attempt.ts";
import { BodyContains } from "./body-search.ts";
import { BranchIds } from "./branch.ts";
import { EndReason, HoldReason } from "./event-life.ts";
import { GroupFilter } from "./group-filter.ts";
import { HeaderList } from "./header-list.ts";
import { AnyJson } from "./json.ts";
import { OwnRequest } from "./own-request.ts";
import { PageInput } from "./page.ts";
import { EventTypeFilter, manyOf, ResponseStatuses } from "./query-values.ts";
import { ById, Timestamp } from "./resource-fields.ts";
import { RouteNames } from "./route-names.ts";
import { Why } from "./why.ts";

export const EventStatus = z.enum(["QUEUED", "SCHEDULED", "HOLD", "RETRYING", "DELIVERED", "FAILED", "CANCELLED"]);
export type EventStatus = z.infer<typeof EventStatus>;

/** One request on one connection. */
export const EventSummary = BranchIds.extend({
  status: EventStatus,
  event_type: z.string().nullable(),
  occurred_at: Timestamp.nullable().meta({ description: "When it happened, as its provider says." }),
  resource_id: z.string().nullable().meta({ description: "What it is about, as its provider says." }),
  attempts: z.int(),
  trigger: AttemptTrigger.meta({ description: "What the next attempt, or the last one, is owed to." }),
  next_attempt_at: Timestamp.nullable(),
  last_attempt_at: Timestamp.nullable(),
  delivered_at: Timestamp.nullable(),
  response_status: z.int().nullable(),
  error_code: ErrorCode.nullable(),
  hold_reason: HoldReason.nullable().meta({ description: "Why the event is held; null unless its status is HOLD." }),
  ended_because: EndReason.nullable().meta({
    description:
      "Why it was given up; null unless its status is FAILED, and of events that failed before this was kept.",
  }),
  dead_letter_of: z.string().nullable().meta({
    description: "The failed event that this one tells of, where it is a dead letter.",
  }),
  group: z.string().nullable().meta({
    description: "The value of its group; empty where the request had none. Null where the destination had no groups.",
  }),
  resent_from: z.string().nullable().meta({
    description:
      "The event of which this one is a debug copy. A copy is on no connection (its `connection_id` is `debug_copy`) and is sent once.",
  }),
  created_at: Timestamp,
});
export type EventSummary = z.infer<typeof EventSummary>;

export const GetEvent = ById.extend({
  with_body: z.stringbool().or(z.boolean()).optional().meta({
    description: "False leaves `body` null: for a reader that takes it from `body` when it is wanted.",
  }),
});
export type GetEvent = z.infer<typeof GetEvent>;

/** An event with the request to deliver and the trace of how it came to be. */
export const EventDetail = EventSummary.extend({
  ...RouteNames.shape,
  order_value: z.string().nullable().meta({
    description:
      "The value of its order key; empty where the request had none. Null unless its destination keeps an order by key.",
  }),
  waits_for: z
    .object({ id: z.string(), status: EventStatus })
    .nullable()
    .meta({ description: "The first event of its order that has to go, or to be seen to, before it." }),
  is_transformed: z.boolean(),
  is_withheld: z.boolean().meta({
    description:
      "Its source masks, and the masks are not applied yet where it is stored: until then trace and transformed parts are left out.",
  }),
  erased_at: Timestamp.nullable().meta({
    description: "When the payload of its request was erased, and this with it.",
  }),
  method: z.string(),
  path: z.string(),
  query: z.string(),
  headers: HeaderList,
  content_type: z.string().nullable(),
  body_bytes: z.int(),
  body: AnyJson,
  why: Why,
});
export type EventDetail = z.infer<typeof EventDetail>;

export const ResendEvent = ById.extend({
  destination_id: z.string().max(64),
  edited: OwnRequest.optional().meta({
    description: "Sent in place of what the event brings. The copy says in its trace that it was edited.",
  }),
});
export type ResendEvent = z.infer<typeof ResendEvent>;

export const ListEvents = PageInput.extend({
  request_id: manyOf(z.string().max(64)),
  source_id: manyOf(z.string().max(64)),
  connection_id: manyOf(z.string().max(64)),
  destination_id: manyOf(z.string().max(64)),
  status: manyOf(EventStatus),
  event_type: EventTypeFilter,
  resource_id: manyOf(z.string().max(255)),
  error_code: manyOf(ErrorCode),
  response_status: ResponseStatuses,
  hold_reason: manyOf(HoldReason),
  ended_because: manyOf(EndReason),
  group: GroupFilter,
  body: BodyContains,
});
export type ListEvents = z.infer<typeof ListEvents>;
