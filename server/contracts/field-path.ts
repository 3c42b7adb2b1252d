import { z } from "zod";
import { EVENT_FACTS } from "./event-facts.ts";

const QUOTED = String.raw`\["(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"\]`;
const KEY = String.raw`\.[^.[\]]+|${QUOTED}`;
const FACT = String.raw`event\.(?:${EVENT_FACTS.join("|")})`;
const PATH = new RegExp(String.raw`^(?:path|${FACT}|headers(?:${KEY})?|(?:body|query)(?:${KEY}|\[(?:\d{1,6}|\*)\])*)$`);

/**
 * `headers.x`, `query.x`, `path`, `body`, `body.a.b[0].c`, `body.items[*].sku`. A key with dots or brackets is a JSON
 * string in brackets, `body["a.b"]`. A header is one text, with nothing below it. `event.type`, `event.id`,
 * `event.occurred_at` and `event.resource_id` are the facts of the event.
 */
export const FieldPath = z
  .string()
  .max(512)
  .regex(
    PATH,
    'Start with body, headers, query or path and go on with .key, ["any key"], [0] or [*], such as body.data.id, body.items[*].sku, body["a.b"] or headers.x-topic; or name a fact of the event: event.type, event.id, event.occurred_at, event.resource_id.',
  );

/** A place in what is stored of a request. The facts of its event are read from there. */
const StoredPath = FieldPath.refine((path) => !path.startsWith("event."), {
  message: "Name the field of the request that the fact is read from, such as body.id.",
});

const MAX_MASKED_PATHS = 20;
/** Places in requests that nobody is to see. */
export const MaskedPaths = z.array(StoredPath).max(MAX_MASKED_PATHS);
