// The amount that is kept, in words. Counting and measuring stop somewhere, and then the words say so.
import { formatCount } from "#components/ui/format.ts";
import type { StoredKind, StoredRows } from "#server/contracts/retention.ts";

const STEP = 1024;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `612 B`, `1.8 MiB`, `41.2 GiB`, as a number and its unit. */
export function sizeOf(bytes: number): [number: string, unit: string] {
  const steps = Math.min(UNITS.length - 1, bytes < STEP ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP)));
  const number = bytes / STEP ** steps;
  return [steps === 0 || number >= 100 ? String(Math.round(number)) : number.toFixed(1), UNITS[steps] ?? "B"];
}

export const formatSize = (bytes: number): string => sizeOf(bytes).join(" ");

export const formatRows = (rows: number, isAtLeast: boolean): string =>
  `${isAtLeast ? "at least " : ""}${formatCount(rows)}`;

/** The size of rows, where they are: `about` when only some were measured. */
export const sizeWords = ({ bytes, is_estimated, is_at_least }: StoredRows): string =>
  `${is_at_least ? "at least " : is_estimated ? "about " : ""}${formatSize(bytes)}`;

const KINDS: Record<StoredKind, string> = {
  request: "Requests and bodies",
  event: "Events",
  attempt: "Attempts",
  ignored_event: "Ignored events",
};
export const kindWords = (kind: StoredKind): string => KINDS[kind];

const ONE: Record<StoredKind, [one: string, many: string]> = {
  request: ["request", "requests"],
  event: ["event", "events"],
  attempt: ["attempt", "attempts"],
  ignored_event: ["ignored event", "ignored events"],
};
/** `15,204,118 requests`, `at least 1,000,000 events`. */
export const countedKind = ({ kind, rows, is_at_least }: StoredRows): string =>
  `${formatRows(rows, is_at_least)} ${ONE[kind][rows === 1 ? 0 : 1]}`;

export const days = (count: number): string => `${formatCount(count)} ${count === 1 ? "day" : "days"}`;

type Stored = readonly (StoredRows & { last_day_rows: number })[];

/** Bytes that a day like the last one adds, by the mean size of what is kept. */
export const growthOf = (stored: Stored): number =>
  stored.reduce((sum, { rows, bytes, last_day_rows }) => sum + (rows === 0 ? 0 : (bytes / rows) * last_day_rows), 0);
