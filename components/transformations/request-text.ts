// A request as lines of text: what the code got and what it gave, so that they can be read and compared. Pure.
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { parseJson } from "#server/json/parse.ts";
import { jsonText } from "#server/json/show.ts";
import { isObject, type Json, type JsonObject } from "#server/json/value.ts";

/** More of a body than this is not drawn. */
const MAX_CHARS = 4_000_000;

/** The body as JSON with every digit; text that is no JSON as it is, nothing where there is none. */
export function bodyText(body: Json | undefined): string {
  if (body === undefined || body === null) return "";
  return typeof body === "string" ? body : jsonText(body, MAX_CHARS);
}

export const headerText = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** What is neither body nor headers. */
export function lineText({ method, path, query }: TransformRequest): string {
  const asked = Object.keys(query).length === 0 ? [] : [`query: ${jsonText(query as JsonObject, MAX_CHARS)}`];
  return [`method: ${method}`, `path: ${path}`, ...asked].join("\n");
}

const PARTS = new Set(["headers", "body", "query", "path", "method", "created_at"]);

/** Whether an object is a whole request and not a body that happens to be an object. */
const isWhole = (value: Json): value is JsonObject =>
  isObject(value) && "body" in value && Object.keys(value).every((key) => PARTS.has(key));

export type PastedRequest = { kind: "request"; request: TransformRequest } | { kind: "problem"; message: string };

/** What somebody pasted: the body as JSON, or a whole request that has `body` and nothing that no request has. */
export function readPasted(text: string): PastedRequest {
  if (text.trim() === "") return { kind: "problem", message: "Paste JSON: a body, or a request with its headers." };
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : "";
    return { kind: "problem", message: `This is not JSON. ${where}` };
  }
  const given = isWhole(value) ? value : { body: value };
  const {
    headers = { "content-type": "application/json" },
    body,
    query = {},
    path = "/",
    method = "POST",
  } = given as JsonObject;
  if (!isObject(headers) || Object.values(headers).some((header) => typeof header !== "string"))
    return { kind: "problem", message: "Write headers as an object of names and texts." };
  if (!isObject(query)) return { kind: "problem", message: "Write query as an object." };
  if (typeof path !== "string" || typeof method !== "string")
    return { kind: "problem", message: "Write path and method as texts." };
  return { kind: "request", request: { headers: headers as Record<string, string>, body, query, path, method } };
}
