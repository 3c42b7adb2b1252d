// Words for what one file in a bucket will hold. Pure.
import { counted } from "#components/graph-drawer/affected.ts";
import { formatBytes } from "#components/lists/format-bytes.ts";
import { durationWords } from "#components/resource-form/duration-words.ts";
import { formatDuration } from "#components/ui/format.ts";

interface Flow {
  perMinute: number;
  /** Of a usual request. */
  bodyBytes: number;
  /** A file is closed after this, or at so many bytes. */
  waitMs: number;
  maxBytes: number;
}

/** "At 640 a minute a file has about 3,200 events, 2.6 MB, and is closed after 5 min." */
export function fileWords({ perMinute, bodyBytes, waitMs, maxBytes }: Flow): string {
  if (perMinute < 1)
    return `Hardly anything comes now: a file is closed ${durationWords(waitMs)} after its first event.`;
  const byTime = Math.max(1, Math.round((perMinute * waitMs) / 60_000));
  const bySize = bodyBytes > 0 ? Math.max(1, Math.floor(maxBytes / bodyBytes)) : byTime;
  const events = Math.min(byTime, bySize);
  const isFull = bySize < byTime;
  const closed = isFull
    ? `is full after ${formatDuration((events / perMinute) * 60_000)}`
    : `is closed after ${durationWords(waitMs)}`;
  return `At ${counted(Math.round(perMinute), "event")} a minute a file has about ${counted(events, "event")}, ${formatBytes(events * bodyBytes)} of bodies, and ${closed}.`;
}
