// A message of the protocol as it comes: one JSON object, with what its method takes.
import { type StandardSchemaV1, specTypeSchemas } from "@modelcontextprotocol/server";
import { pathText } from "#server/errors/field-issues.ts";

export type Message =
  | { kind: "read"; message: object }
  /** `id` is the message's own, where it has one. */
  | { kind: "refused"; code: number; message: string; id: string | number | null };

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;

const refused = (code: number, message: string, id: string | number | null = null): Message => ({
  kind: "refused",
  code,
  message,
  id,
});

/** The library checks these as well, but calls a mistake of the sender a failure of ours. */
const CONTRACTS: ReadonlyMap<unknown, StandardSchemaV1> = new Map<unknown, StandardSchemaV1>([
  ["initialize", specTypeSchemas.InitializeRequest],
  ["ping", specTypeSchemas.PingRequest],
  ["tools/list", specTypeSchemas.ListToolsRequest],
  ["tools/call", specTypeSchemas.CallToolRequest],
  ["prompts/list", specTypeSchemas.ListPromptsRequest],
  ["prompts/get", specTypeSchemas.GetPromptRequest],
  ["resources/list", specTypeSchemas.ListResourcesRequest],
  ["resources/read", specTypeSchemas.ReadResourceRequest],
  ["server/discover", specTypeSchemas.DiscoverRequest],
]);

const idOf = (message: object): string | number | null => {
  const id = "id" in message ? message.id : null;
  return typeof id === "string" || Number.isSafeInteger(id) ? (id as string | number) : null;
};

/** The first thing that the method does not take, as a sentence; null where all is well. */
async function mistakeIn(message: object): Promise<string | null> {
  const contract = "method" in message ? CONTRACTS.get(message.method) : undefined;
  const { issues } = (await contract?.["~standard"].validate(message)) ?? {};
  const [issue] = issues ?? [];
  if (!issue) return null;
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return `${pathText(path)}: ${issue.message}. Send what the protocol has there.`;
}

const KEEPS_OPEN = new Set(["subscriptions/listen"]);

/** A name that would reach a prototype when it is copied. */
const isUnsafe = (name: string) => name === "__proto__";

function parse(text: string): unknown {
  return JSON.parse(text, (name, value) => {
    if (isUnsafe(name)) throw new SyntaxError("A name that no message has.");
    return value;
  });
}

/** Lists of messages are refused: today's protocol has none, and one body would ask for the work of many. */
export async function readMessage(text: string): Promise<Message> {
  let message: unknown;
  try {
    message = parse(text);
  } catch {
    return refused(PARSE_ERROR, "The body is not valid JSON: correct it and send it again.");
  }
  if (Array.isArray(message)) return refused(INVALID_REQUEST, "Send one message at a time, not a list.");
  if (typeof message !== "object" || message === null)
    return refused(INVALID_REQUEST, "Send a JSON-RPC message: an object with jsonrpc, method and id.");
  if ("method" in message && KEEPS_OPEN.has(String(message.method)))
    return refused(METHOD_NOT_FOUND, "Nothing here is told by itself: ask again when you want to know.", idOf(message));
  const mistake = await mistakeIn(message);
  return mistake === null ? { kind: "read", message } : refused(INVALID_PARAMS, mistake, idOf(message));
}
