import { z } from "zod";

const QUOTED = String.raw`\["(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"\]`;
const KEY = String.raw`\.[^.[\]]+|${QUOTED}`;
const PATH = new RegExp(String.raw`^(?:path|headers(?:${KEY})?|(?:body|query)(?:${KEY}|\[(?:\d{1,6}|\*)\])*)$`);

/**
 * `headers.x`, `query.x`, `path`, `body`, `body.a.b[0].c`, `body.items[*].sku`. A key with dots or brackets is a JSON
 * string in brackets, `body["a.b"]`. A header is one text, with nothing below it.
 */
export const FieldPath = z
  .string()
  .max(512)
  .regex(
    PATH,
    'Start with body, headers, query or path and go on with .key, ["any key"], [0] or [*], such as body.data.id, body.items[*].sku, body["a.b"] or headers.x-topic.',
  );

const MAX_MASKED_PATHS = 20;
/** Places in requests that nobody is to see. */
export const MaskedPaths = z.array(FieldPath).max(MAX_MASKED_PATHS);
