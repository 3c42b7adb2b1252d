// Names of time zones, as the database of zones has them.
import { z } from "zod";

function isTimeZone(name: string): boolean {
  // A bare offset keeps no summer time, and Postgres reads it the other way round.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const TimeZone = z.string().max(64).refine(isTimeZone, "Name a time zone such as UTC or Europe/Berlin.");
