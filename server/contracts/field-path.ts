import { z } from "zod";

/** `headers.x`, `query.x`, `path`, `body`, `body.a.b[0].c`, `body.items[*].sku`. */
export const FieldPath = z
  .string()
  .max(512)
  .regex(
    /^(?:path|(?:body|headers|query)(?:\.[^.[\]]+|\[(?:\d{1,6}|\*)\])*)$/,
    "Start with body, headers, query or path, such as body.data.id, body.items[*].sku or headers.x-topic.",
  );
