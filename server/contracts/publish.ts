// The events that a team's own services publish. Each is a CloudEvent, whichever way it comes.
import { z } from "zod";
import { AnyJson } from "./json.ts";
import { smallRecord } from "./small-record.ts";
import { TimeBound } from "./time-bound.ts";

export const MAX_PUBLISHED = 1_000;
const MAX_TEXT = 255;
const MAX_ATTRIBUTES = 20;

/** The attributes that have a field of their own. */
const NAMED_ATTRIBUTES = ["specversion", "id", "type", "time", "subject", "datacontenttype"];

const AttributeName = z
  .string()
  .regex(/^[a-z0-9]{1,64}$/, "Name an attribute by small letters and digits alone, as CloudEvents asks.")
  .refine((name) => !NAMED_ATTRIBUTES.includes(name), "This attribute has a field of its own: use that.");

const EVENT = {
  type: z.string().min(1).max(MAX_TEXT).meta({ description: "Such as `order.paid`: its `event_type`." }),
  id: z.string().min(1).max(MAX_TEXT).optional().meta({
    description:
      "The publisher's own. A second event of this id within 48 h is a duplicate, unless the source says otherwise. Left out, one is made.",
  }),
  occurred_at: TimeBound.optional().meta({ description: "When it happened; ISO 8601. Left out: now." }),
  resource_id: z.string().min(1).max(MAX_TEXT).optional().meta({ description: "What it is about, such as an order." }),
  content_type: z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]{0,254}$/, "Give a media type, such as application/json.")
    .optional()
    .meta({ description: "`application/json` where there is data and it is left out." }),
  data: AnyJson.optional().meta({ description: "The body: as JSON, or a text where `content_type` is another one." }),
  data_base64: z.base64().optional().meta({ description: "The body as bytes, in the place of `data`." }),
  attributes: smallRecord(AttributeName, z.string().max(1_024), MAX_ATTRIBUTES)
    .optional()
    .meta({ description: "More attributes of CloudEvents, such as `source` or `dataschema`: sent on as `ce-…`." }),
};

export const PublishedEvent = z.strictObject(EVENT);
export type PublishedEvent = z.infer<typeof PublishedEvent>;

export const Publish = z.strictObject({
  source: z.string().min(1).max(155).meta({ description: "A source of type PUBLISH, by its name or id." }),
  idempotency_key: z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .optional()
    .meta({ description: "For 24 h the same key with the same events gets the first answer, and publishes nothing." }),
  events: z
    .array(PublishedEvent)
    .min(1)
    .max(MAX_PUBLISHED)
    .optional()
    .meta({ description: "Committed together or not at all. For one event its fields may stand beside `source`." }),
  ...PublishedEvent.partial().shape,
});
export type Publish = z.infer<typeof Publish>;

export const Published = z.object({
  published_count: z.int().meta({ description: "Those that go on to the connections of the source." }),
  duplicate_count: z.int(),
  events: z.array(
    z.object({
      request_id: z.string(),
      id: z.string(),
      duplicate_of: z.string().nullable().meta({ description: "The request that brought this id first." }),
    }),
  ),
});
export type Published = z.infer<typeof Published>;
