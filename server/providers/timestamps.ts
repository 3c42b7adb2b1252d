// Timestamps in signatures are read strictly: whatever parseInt or Date would forgive, another verifier may read differently.
import { headerValues, type Inbound } from "./inbound.ts";

const SECONDS = /^[1-9]\d{0,11}$/;
const MILLISECONDS = /^[1-9]\d{0,14}$/;
const ISO_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** Unix milliseconds of a spelled timestamp, or null when it is not exactly one. */
export type ParseTimestamp = (text: string) => number | null;

export const unixSeconds: ParseTimestamp = (text) => (SECONDS.test(text) ? Number(text) * 1000 : null);
export const unixMilliseconds: ParseTimestamp = (text) => (MILLISECONDS.test(text) ? Number(text) : null);
export const isoTime: ParseTimestamp = (text) => {
  if (!ISO.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
};

/** With an offset, as Box writes it. */
export const isoTimeWithOffset: ParseTimestamp = (text) => {
  const ms = ISO_OFFSET.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

/** The present as `parse` reads it, in whole seconds where it reads them. */
export function spellTimestamp(parse: ParseTimestamp, nowMs: number): string {
  const iso = new Date(nowMs).toISOString();
  const spellings = [String(Math.trunc(nowMs / 1000)), String(nowMs), iso];
  return spellings.find((text) => Math.abs((parse(text) ?? 0) - nowMs) < 1000) ?? iso;
}

export type SoleHeader = { kind: "read"; text: string } | { kind: "unreadable"; detail: string };

/** A header that is part of what is signed: a proxy may repeat it, but two different values have no one meaning. */
export function soleHeader(inbound: Inbound, nameLower: string): SoleHeader {
  const [text, ...others] = headerValues(inbound, nameLower);
  if (!text) return { kind: "unreadable", detail: `The header ${nameLower} is missing.` };
  if (others.some((other) => other !== text)) {
    return { kind: "unreadable", detail: `The header ${nameLower} was sent with different values.` };
  }
  return { kind: "read", text };
}

export const notATimestamp = (where: string) => ({
  kind: "unreadable" as const,
  detail: `${where} is not a plain Unix or ISO timestamp as this scheme writes it.`,
});

/** The timestamp of a header; without a place for one there is none. */
export function readTimestamp(
  inbound: Inbound,
  place: { header: string; parse: ParseTimestamp } | undefined,
): { kind: "read"; text: string; ms: number | null } | { kind: "unreadable"; detail: string } {
  if (!place) return { kind: "read", text: "", ms: null };
  const header = soleHeader(inbound, place.header);
  if (header.kind === "unreadable") return header;
  const ms = place.parse(header.text);
  return ms === null ? notATimestamp(place.header) : { kind: "read", text: header.text, ms };
}
