// Bytes that a stranger chose, answered on an origin where a person may be logged in: a browser must neither run, frame nor guess them.

/** `sandbox` gives even a document an origin of its own, so that no script in it runs or reads anything. */
export const STRANGERS_BYTES_HEADERS = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
} as const;

/** Content types that no browser runs or renders as a document with parts of its own. */
const INERT_TYPES = new Set([
  "application/cloudevents+json",
  "application/json",
  "application/octet-stream",
  "application/problem+json",
  "application/x-www-form-urlencoded",
  "text/csv",
  "text/plain",
]);
const PLAIN_TYPE = /^([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:[ \t]*;[ \t]*charset="?(?:utf-8|us-ascii|iso-8859-1)"?)?$/i;

/** The content type, if it is one of a list and has nothing else with it; null for every other, however it is spelt. */
export function inertType(contentType: string | null | undefined): string | null {
  const essence = PLAIN_TYPE.exec(contentType ?? "")?.[1]?.toLowerCase();
  return contentType && essence !== undefined && INERT_TYPES.has(essence) ? contentType : null;
}

/** The headers that replace an active content type. */
export const AS_DOWNLOAD = {
  "content-type": "application/octet-stream",
  "content-disposition": "attachment",
} as const;
