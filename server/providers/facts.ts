// The facts of an event, read from its stored request when it is routed. Whatever a sender or a provider's file does, this
// gives facts or none, and never fails.
import type { ToldFacts } from "#server/contracts/event-facts.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { SourceType } from "#server/contracts/source.ts";
import { type Wanted, wantedAt } from "#server/json/json-outline.ts";
import { storableText } from "#server/json/storable.ts";
import { isId } from "./body-fields.ts";
import { firstHeader } from "./inbound.ts";
import { providerOfType } from "./list.ts";
import type { RawFacts } from "./provider.ts";

export interface FactsSource {
  /** Undefined where the source is gone, or tells nothing. */
  source_type?: SourceType | undefined;
  headers: HeaderList;
}

const MAX_LENGTH = 255;

/** Whether events of a source tell more of themselves than type and id. */
export const hasFacts = (type: SourceType | undefined): boolean =>
  type === "PUBLISH" || (type !== undefined && providerOfType(type)?.normalise !== undefined);

/** Whether the headers alone tell them, so that nobody has to read the body. */
export const areFactsInHeaders = (type: SourceType | undefined): boolean => type === "PUBLISH";

const wantedByType = new Map<SourceType, Wanted>();

/** What the facts of a source's events are read of in their bodies. */
export function wantedFacts({ source_type: type }: Pick<FactsSource, "source_type">): Wanted {
  if (type === undefined) return wantedAt([]);
  const wanted = wantedByType.get(type) ?? wantedAt(providerOfType(type)?.factFields ?? []);
  wantedByType.set(type, wanted);
  return wanted;
}

/** @param body JSON, or a form as an object; whatever else it is tells nothing */
export function tellFacts(request: FactsSource, body: unknown): ToldFacts {
  const raw = rawFacts(request, body);
  const occurred_at = timeOf(raw?.occurredAt);
  const resource_id = idOf(raw?.resourceId);
  return { ...(occurred_at !== null && { occurred_at }), ...(resource_id !== null && { resource_id }) };
}

function rawFacts({ source_type: type, headers }: FactsSource, body: unknown): RawFacts | undefined {
  if (type === undefined || !hasFacts(type)) return undefined;
  const sent = { headers };
  if (type === "PUBLISH") {
    const subject = firstHeader(sent, "ce-subject");
    return { occurredAt: firstHeader(sent, "ce-time"), resourceId: subject && decode(subject) };
  }
  try {
    return providerOfType(type)?.normalise?.(sent, body);
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function idOf(value: unknown): string | null {
  return isId(value) ? storableText(String(value).slice(0, MAX_LENGTH)) : null;
}

/** Times outside of these are a mistake of their sender, or a number that is no time. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];
/** A number from here on counts milliseconds: as seconds it would be after the year 5000. */
const FIRST_AS_MS = 1e11;
const NUMBER = /^\d{9,16}(?:\.\d{1,9})?$/;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|z|UTC|[+-]\d\d:?\d\d)?)?$/;
/** RFC 2822, as Twilio writes times. */
const RFC_2822 = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC?)$/;

/** The time in ISO 8601, in UTC; null where it is none. A time without an offset is in UTC. */
function timeOf(value: unknown): string | null {
  const ms = millisecondsOf(value);
  return ms !== null && ms >= EARLIEST_MS && ms < LATEST_MS ? new Date(ms).toISOString() : null;
}

function millisecondsOf(value: unknown): number | null {
  if (typeof value === "number" || (typeof value === "string" && NUMBER.test(value))) {
    const number = Number(value);
    return Math.trunc(number >= FIRST_AS_MS ? number : number * 1_000);
  }
  if (typeof value !== "string" || value.length > 40) return null;
  const [, date, time = "00:00", zone] = ISO.exec(value) ?? [];
  if (date !== undefined) {
    const offset = zone === undefined || /^(?:z|utc)$/i.test(zone) ? "Z" : zone.replace(/^(...)(\d\d)$/, "$1:$2");
    const ms = Date.parse(`${date}T${time}${offset}`);
    return Number.isNaN(ms) ? null : ms;
  }
  if (!RFC_2822.test(value)) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}
