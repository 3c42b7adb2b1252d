/** An SQL expression of type json: headers of an attempt as they were sent or received. See server/wire/packed-headers.ts. */
export const unpackedHeaders = (attempt: string, column: "request_headers" | "response_headers"): string =>
  `unpacked_headers(${attempt}.${column}, ${["event_id", "source_id", "connection_id", "number", "trigger", "created_at"].map((each) => `${attempt}.${each}`).join(", ")})`;

/** An SQL expression of type json: the headers of `request` as they came. See server/wire/packed-request-headers.ts. */
export const unpackedRequestHeaders = (request: string): string => `unpacked_request_headers(${request}.headers)`;
