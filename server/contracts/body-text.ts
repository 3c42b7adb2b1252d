// A body for a reader. Its exact bytes are those of `raw_body`.
import { z } from "zod";
import { WholeNumber } from "./query-values.ts";
import { ById } from "./resource-fields.ts";
import { MAX_BODY_BYTES } from "./source.ts";

export const ReadBodyText = ById.extend({
  max_bytes: WholeNumber(0, MAX_BODY_BYTES).default(MAX_BODY_BYTES).meta({
    description: "Of a body that has more bytes than this only the size is told.",
  }),
});
export type ReadBodyText = z.infer<typeof ReadBodyText>;

export const BodyText = z.object({
  content_type: z.string().nullable(),
  body_bytes: z.int().meta({ description: "As stored, before `content-encoding` is undone." }),
  kind: z.enum(["text", "form", "binary", "empty", "too_large", "erased", "withheld"]).meta({
    description:
      "`form`: `text` is the JSON of its fields. `too_large`: it has more bytes than were asked for. `erased`: on demand. `withheld`: made by a transform of a request whose masks are not applied yet.",
  }),
  text: z.string().nullable().meta({
    description: "In clear and as it came, so that JSON keeps its digits and spelling; null where there is no text.",
  }),
});
export type BodyText = z.infer<typeof BodyText>;
