// The names of objects in a bucket: a template with named fields. Pure. Whatever a producer sends, its values stay within
// their own segment, and no segment is `.` or `..`.

/** What may be written out of one event. `{source}` and `{connection}` are names, as they were when the object was named. */
export interface KeyFacts {
  /** Of the event, or of the oldest event in a file. */
  createdAt: Date;
  source: string;
  connection: string;
  /** Null where the object holds many events. */
  event: { eventId: string; requestId: string; eventType: string | null } | null;
  /** Null where the object holds one event. */
  batchId: string | null;
}

const part = (from: number, to: number) => (facts: KeyFacts) => facts.createdAt.toISOString().slice(from, to);

const FIELDS: Readonly<Record<string, (facts: KeyFacts) => string | null>> = {
  date: part(0, 10),
  year: part(0, 4),
  month: part(5, 7),
  day: part(8, 10),
  hour: part(11, 13),
  source: (facts) => facts.source,
  connection: (facts) => facts.connection,
  event_type: ({ event }) => event?.eventType ?? "none",
  request_id: ({ event }) => event?.requestId ?? null,
  event_id: ({ event }) => event?.eventId ?? null,
  batch_id: ({ batchId }) => batchId,
};
const ONE_EVENT_ONLY = ["event_type", "request_id", "event_id"];

/** The longest of which eleven, with the template, stay within the 1,024 bytes of a key. */
const MAX_VALUE_LENGTH = 60;
const FIELD = /\{([^{}]*)\}/g;
const LISTED = Object.keys(FIELDS)
  .map((name) => `{${name}}`)
  .join(", ");

/** Why this is no template, or null. */
export function templateProblem(template: string): string | null {
  const names = [...template.matchAll(FIELD)].map((match) => match[1] ?? "");
  const unknown = names.find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown !== undefined) return `There is no field {${unknown.slice(0, 32)}}: use ${LISTED}.`;
  if (names.length > Object.keys(FIELDS).length) return `Use each field at most once: there are ${names.length}.`;
  const text = template.replace(FIELD, "x");
  if (!/^[A-Za-z0-9_.=+/-]*$/.test(text)) return "Between the fields use letters, digits and . _ - = + / only.";
  const segments = text.split("/");
  if (segments.some((segment) => segment === "")) return "Use no / at the beginning or the end, and no two in a row.";
  if (segments.some((segment) => segment === "." || segment === "..")) return "Use no segment that is . or .. alone.";
  return null;
}

export type ObjectFormat = "event" | "ndjson";

export const DEFAULT_KEYS: Readonly<Record<ObjectFormat, string>> = {
  event: "{date}/{source}/{event_id}",
  ndjson: "{date}/{source}/{batch_id}.ndjson",
};

/** Why a template does not name the objects of this format, or null: two objects must never share a name. */
export function formatProblem(template: string, format: ObjectFormat): string | null {
  if (format === "event") {
    if (template.includes("{batch_id}"))
      return "{batch_id} names a file of many events: use {event_id}, or format ndjson.";
    return template.includes("{event_id}") ? null : "Add {event_id}: without it events would overwrite each other.";
  }
  const single = ONE_EVENT_ONLY.find((name) => template.includes(`{${name}}`));
  if (single !== undefined) return `{${single}} names one event, and a file holds many: use {batch_id}.`;
  return template.includes("{batch_id}") ? null : "Add {batch_id}: without it files would overwrite each other.";
}

/** A value within its segment. What is not plain becomes `_`; the id in each name keeps names apart. */
const plain = (text: string) => text.slice(0, MAX_VALUE_LENGTH).replaceAll(/[^A-Za-z0-9_.=+-]/g, "_");

/** The name of an object. */
export function objectKey(template: string, facts: KeyFacts): string {
  const filled = template.replaceAll(FIELD, (_whole, name: string) => plain(FIELDS[name]?.(facts) ?? "none"));
  // Values may make a segment together that neither is alone.
  return filled
    .split("/")
    .map((segment) => (/^\.*$/.test(segment) ? segment.replaceAll(".", "_") || "_" : segment))
    .join("/");
}

/** The part of a template that every object's name begins with: up to the last `/` before the first field. */
export function fixedPrefix(template: string): string {
  const before = template.split("{")[0] ?? "";
  return before.slice(0, before.lastIndexOf("/") + 1);
}
