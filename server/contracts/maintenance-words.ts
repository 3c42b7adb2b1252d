// A maintenance window in words. Pure.
import type { MaintenanceWindow } from "./maintenance.ts";

const NAMES = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
} as const;
const ORDER = Object.keys(NAMES) as (keyof typeof NAMES)[];

const listed = (words: string[]) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

const minute = (iso: string) => new Date(iso).toISOString().slice(0, 16).replace("T", " ");

/** `Every Sunday 02:00–04:00 Europe/Berlin`, `2026-11-29 01:00 to 03:00 UTC` */
export function windowWords(window: MaintenanceWindow): string {
  if (window.kind === "once") {
    const [from, until] = [minute(window.from), minute(window.until)];
    return `${from} to ${until.slice(0, 10) === from.slice(0, 10) ? until.slice(11) : until} UTC`;
  }
  const { days, start, end, time_zone } = window;
  const names = ORDER.filter((day) => days.includes(day)).map((day) => NAMES[day]);
  return `Every ${names.length === 7 ? "day" : listed(names)} ${start}–${end} ${time_zone}`;
}
