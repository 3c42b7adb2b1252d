// The amount that is kept, in words. Where it is an estimate, the words say so.
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

export const formatRows = (rows: number, isEstimated: boolean): string =>
  `${isEstimated ? "about " : ""}${formatCount(rows)}`;

/** The size of rows: `about` when only some were measured. */
export const sizeWords = ({ bytes, is_bytes_estimated }: Pick<StoredRows, "bytes" | "is_bytes_estimated">): string =>
  `${is_bytes_estimated ? "about " : ""}${formatSize(bytes)}`;

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
/** `204,118 requests`, `about 15.2M events`. */
export const countedKind = ({ kind, rows, is_rows_estimated }: StoredRows): string =>
  `${formatRows(rows, is_rows_estimated)} ${ONE[kind][rows === 1 ? 0 : 1]}`;

export const days = (count: number): string => `${formatCount(count)} ${count === 1 ? "day" : "days"}`;
