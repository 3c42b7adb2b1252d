// Content types, which decide how a body is read.

/** Without parameters, in lower case; empty where there is none. */
export function mediaType(contentType: string | null): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

export const isJsonType = (type: string) =>
  type === "application/json" || type === "text/json" || type.endsWith("+json");

/** Amazon SNS, for one, sends JSON as plain text. */
export const mayHideJson = (type: string) => type === "" || type === "text/plain";
