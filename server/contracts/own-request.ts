// A request that a person has written or kept: a webhook to be sent once more, or what an event is to bring instead.
import { z } from "zod";
import { HeaderName, HeaderValue, HttpMethod } from "./http.ts";

/** Of bodies that are written by hand or kept in a file. */
const MAX_BODY_BYTES = 1024 * 1024;

/** As it follows a URL: without steps to another path, however they are spelt. */
const Path = z
  .string()
  .max(8_192)
  .regex(/^\/[^\s?#\\]*$/, "Give a path that begins with a slash, without spaces, ? and #.")
  .refine((path) => !/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path), "Leave out the steps . and .. of the path.");
const Query = z
  .string()
  .max(32_768)
  .regex(/^[^\s#]*$/, "Give the query as it stands behind the question mark.");

export const OwnRequest = z.strictObject({
  method: HttpMethod,
  path: Path,
  query: Query.default(""),
  headers: z.array(z.tuple([HeaderName, HeaderValue])).max(200),
  body_base64: z
    .base64()
    .max(Math.ceil(MAX_BODY_BYTES / 3) * 4)
    .meta({ description: "The exact bytes, at most 1 MiB." }),
});
export type OwnRequest = z.infer<typeof OwnRequest>;
