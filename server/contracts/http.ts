import { z } from "zod";

export const HttpMethod = z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);
export type HttpMethod = z.infer<typeof HttpMethod>;

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
export const HeaderName = z.string().regex(HEADER_NAME, "Use a valid HTTP header name, such as x-webhook-signature.");
/** No CR, LF, NUL or other control character: nothing can be smuggled into a header block. */
export const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "Use printable characters only: no line breaks or control characters.");
