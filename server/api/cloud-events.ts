// A publish as it comes over HTTP: our own JSON, or CloudEvents in each of its modes (binary, structured, batch).
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
import type { IncomingHttpHeaders } from "node:http";
import { unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { mediaType } from "#server/payload/media-type.ts";
import type { RawCall } from "./operation.ts";

type Fields = Record<string, unknown>;

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const PREFIX = "ce-";
const ONE_VERSION = "1.0";

const text = (description: string) => ({ type: "string", description });

const CLOUD_EVENT = {
  type: "object",
  required: ["specversion", "id", "type", "source"],
  properties: {
    specversion: { const: ONE_VERSION },
    id: text("The publisher's own: a second one of this id is a duplicate."),
    type: text("Such as `order.paid`: its `event_type`."),
    source: text("Who says so, as a URI."),
    time: { type: "string", format: "date-time", description: "When it happened." },
    subject: text("What it is about."),
    datacontenttype: text("The media type of `data`."),
    data: { description: "The body." },
    data_base64: text("The body as bytes, in the place of `data`."),
  },
  additionalProperties: { type: ["string", "number", "boolean", "null"] },
};

/** CloudEvents for the OpenAPI document. Any other content is a body in binary mode, with the attributes in headers `ce-…`. */
export const CLOUD_EVENTS = {
  parameters: [
    {
      name: "source",
      in: "query",
      required: false,
      description: "The source of type PUBLISH, by its name or id. For CloudEvents, whose bodies do not name it.",
      schema: { type: "string" },
    },
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description: "As `idempotency_key` of the body.",
      schema: { type: "string", maxLength: 255 },
    },
  ],
  content: { [STRUCTURED]: { schema: CLOUD_EVENT }, [BATCH]: { schema: { type: "array", items: CLOUD_EVENT } } },
};

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The input of a publish. */
export function readPublish({ headers, query, body, json }: RawCall): Fields {
  const { source, ...unknown } = query;
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw wrongField(name.slice(0, 64), "There is no query parameter of this name: source is the only one.");
  const type = mediaType(headers["content-type"] ?? null);
  const key = keyOf(headers["idempotency-key"]);
  const around = { ...(source !== undefined && { source }), ...(key !== undefined && { idempotency_key: key }) };
  if (type === BATCH) return { ...around, events: readBatch(json()) };
  if (type === STRUCTURED) return { ...around, ...eventOf(json(), "") };
  if (headers["ce-specversion"] !== undefined) return { ...around, ...readBinary(headers, body) };
  if (type !== "application/json") {
    const message = `Send application/json, ${STRUCTURED}, ${BATCH}, or any content with the headers of a CloudEvent (ce-specversion, ce-id, ce-source, ce-type).`;
    throw wrongField("content-type", message);
  }
  const own = json();
  if (!isFields(own)) throw wrongField("", "Send a JSON object as the body.");
  return { ...around, ...own };
}

/** The header's drafts quote it. */
const keyOf = (header: IncomingHttpHeaders[string]) =>
  typeof header === "string" ? header.replace(/^"(.*)"$/, "$1") : undefined;

function readBatch(value: unknown): Fields[] {
  if (!Array.isArray(value)) throw wrongField("", "A batch of CloudEvents is a JSON list.");
  return value.map((event, index) => eventOf(event, `events[${index}].`));
}

/** A CloudEvent as JSON. What is missing or of another type is told by its name in CloudEvents. */
function eventOf(value: unknown, path: string): Fields {
  if (!isFields(value)) throw wrongField(path.replace(/\.$/, ""), "A CloudEvent is a JSON object.");
  const { specversion, id, type, source, time, subject, datacontenttype, data, data_base64, ...others } = value;
  requireContext({ specversion, id, type, source }, path);
  return {
    id,
    type,
    ...given({ occurred_at: time, resource_id: subject, content_type: datacontenttype, data, data_base64 }),
    attributes: { source, ...attributesOf(others) },
  };
}

function readBinary(headers: IncomingHttpHeaders, body: Buffer): Fields {
  const context = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && typeof value === "string" ? [[name.slice(PREFIX.length), decode(value)]] : [],
  );
  const { specversion, id, type, source, time, subject, ...others } = Object.fromEntries(context) as Fields;
  requireContext({ specversion, id, type, source }, PREFIX);
  const bytes = body.length > 0 ? body.toString("base64") : undefined;
  return {
    id,
    type,
    ...given({ occurred_at: time, resource_id: subject, content_type: headers["content-type"], data_base64: bytes }),
    attributes: { source, ...others },
  };
}

/** CloudEvents allows an attribute to be null, which is as if it were not there. */
const given = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== undefined && (value !== null || name === "data")),
  );

const attributesOf = (others: Fields): Fields =>
  Object.fromEntries(
    Object.entries(others)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === "number" || typeof value === "boolean" ? String(value) : value]),
  );

function requireContext(context: Fields, path: string): void {
  const missing = Object.entries(context).filter(([, value]) => typeof value !== "string" || value === "");
  if (missing.length > 0) {
    throw unprocessable(
      missing.map(([name]) => ({ path: path + name, message: "A CloudEvent has this attribute: give a text." })),
    );
  }
  if (context.specversion !== ONE_VERSION)
    throw wrongField(`${path}specversion`, `Use ${ONE_VERSION}: it is the version that is understood here.`);
}

/** Headers hold other characters percent-encoded. What encodes nothing is kept as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
