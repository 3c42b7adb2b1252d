// Collects events for files of many, one file for each connection and each file that was stored before. Pure: it says which
// files are to be closed now, and when to ask again.
import type { Send } from "./lane-move.ts";

/** A file of more would be a long transaction, and its events a long list. */
const MAX_FILE_EVENTS = 10_000;
/** Of all files that a lane collects. Over it the one that waits longest is closed. */
const MAX_COLLECTED_EVENTS = 20_000;
/** A file whose time has come waits this long for what is due already: a backlog makes no small files. */
const MORE_MS = 1_000;

/** Events for one file: a new one, or one that was stored with its events. */
export interface Collected {
  batchId: string | null;
  members: Send[];
  bytes: number;
  /** Since when its first event is due. */
  dueSinceMs: number;
  collectedAtMs: number;
  /** It is to be closed as soon as it may. */
  isClosed: boolean;
}

export interface FileLimits {
  waitMs: number;
  maxBytes: number;
}

export interface RipeAt {
  nowMs: number;
  /** Whether more events are ready to be added. */
  isAnyDue: boolean;
  /** The stored files that are being written: what else is due of one waits for the answer. */
  underWay: ReadonlySet<string>;
}

export interface FileCollector {
  add(send: Send, limits: FileLimits, nowMs: number): void;
  /** Takes out the next file that is to be written. */
  takeRipe(limits: FileLimits, now: RipeAt): Collected | null;
  /** Takes out the one that waits longest. */
  takeOldest(): Collected | null;
  /** Takes out every file of which this is true. */
  takeAll(isMeant: (file: Collected) => boolean): Collected[];
  events(): number;
  /** When the next file is to be closed; null when none is collected. */
  nextAtMs(limits: FileLimits): number | null;
}

export function makeFileCollector(): FileCollector {
  const files = new Map<string, Collected>();
  let events = 0;
  let full = 0;

  const oldest = () =>
    [...files.values()].reduce<Collected | null>((a, b) => (a && a.dueSinceMs <= b.dueSinceMs ? a : b), null);

  function take(file: Collected | null): Collected | null {
    if (!file) return null;
    for (const [key, each] of files) if (each === file) files.delete(key);
    events -= file.members.length;
    return file;
  }

  const isRipe = (file: Collected, { waitMs }: FileLimits, { nowMs, isAnyDue, underWay }: RipeAt) =>
    !(file.batchId !== null && underWay.has(file.batchId)) &&
    (file.isClosed || (nowMs - file.dueSinceMs >= waitMs && (!isAnyDue || nowMs - file.collectedAtMs >= MORE_MS)));

  return {
    add(send, { maxBytes }, nowMs) {
      const { event } = send;
      const key = event.object_batch_id ?? event.connection_id;
      const known = files.get(key);
      const bytes = (known?.bytes ?? 0) + bytesOf(send);
      const dueMs = event.next_attempt_at.getTime();
      const file: Collected = {
        batchId: event.object_batch_id,
        members: known?.members ?? [],
        bytes,
        dueSinceMs: Math.min(known?.dueSinceMs ?? dueMs, dueMs),
        collectedAtMs: known?.collectedAtMs ?? nowMs,
        // A stored file waits for nothing: its events are known.
        isClosed: event.object_batch_id !== null || bytes >= maxBytes,
      };
      file.members.push(slim(send));
      file.isClosed ||= file.members.length >= MAX_FILE_EVENTS;
      events++;
      if (file.batchId !== null || !file.isClosed) files.set(key, file);
      else {
        // What comes next of this connection goes into another.
        files.delete(key);
        files.set(`${key} ${++full}`, file);
      }
    },
    takeRipe(limits, now) {
      if (events > MAX_COLLECTED_EVENTS) return take(oldest());
      return take([...files.values()].find((file) => isRipe(file, limits, now)) ?? null);
    },
    takeOldest: () => take(oldest()),
    takeAll(isMeant) {
      const meant = [...files.values()].filter(isMeant);
      for (const file of meant) take(file);
      return meant;
    },
    events: () => events,
    nextAtMs({ waitMs }) {
      const first = oldest();
      return first && (first.isClosed ? first.dueSinceMs : first.dueSinceMs + waitMs);
    },
  };
}

/** The bytes that the event takes in the file: headers stand there too, and may be more than the body. */
function bytesOf({ event, request }: Send): number {
  const { path, query, headers } = event.transformed ?? request;
  const headBytes = headers.reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    path.length + query.length,
  );
  return headBytes + (event.transformed_body?.length ?? request.body_bytes);
}

/** Without what it sends: a file is collected for minutes, and what stands in it is read when it is written. */
const slim = ({ event, request, ...ends }: Send): Send => ({
  ...ends,
  event: { ...event, transformed: null, transformed_body: null },
  request: { ...request, path: "", query: "", headers: [], body: null },
});
