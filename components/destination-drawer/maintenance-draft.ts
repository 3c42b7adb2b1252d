// Maintenance windows while they are typed. Pure, but for the zone of the person.
import type { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { nextStretches, type Stretch } from "#server/contracts/maintenance-times.ts";

const two = (number: number) => String(number).padStart(2, "0");

/** An instant as the browser's field for a time takes it, by the person's clock; empty where it is none. */
export function toField(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that the field means; what is no time goes as it is, and the server says what is wrong. */
export function fromField(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

export const newWeekly = (timeZone: string): MaintenanceWindow => ({
  ...{ kind: "weekly", days: ["sun"], start: "02:00", end: "04:00", time_zone: timeZone },
});

/** Two hours of the next night. */
export function newSingle(nowMs: number): MaintenanceWindow {
  const now = new Date(nowMs);
  const at = (hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour).toISOString();
  return { kind: "once", from: at(2), until: at(4) };
}

/** The next times of all windows that can be read as they are. */
export function preview(windows: readonly MaintenanceWindow[], nowMs: number, count: number): Stretch[] {
  const readable = windows.filter((window) => {
    try {
      return nextStretches([window], nowMs, 1).every(({ fromMs, untilMs }) => untilMs > fromMs);
    } catch {
      return false;
    }
  });
  return nextStretches(readable, nowMs, count);
}
