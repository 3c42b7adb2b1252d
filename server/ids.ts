// Ids sort by time as plain text (COLLATE "C"): a day of a big table is a range of ids, and the newest row is the last one.
import { hash, randomFillSync } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford base 32: ascending in ASCII, no I L O U
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/** The prefix of each kind of id. */
export const ID_PREFIX = {
  team: "tm",
  source: "src",
  destination: "des",
  connection: "web",
  transformation: "trs",
  request: "req",
  event: "evt",
  ignored_event: "ign",
  attempt: "att",
  bulk_operation: "blk",
  object_batch: "bat",
  api_key: "key",
  audit_entry: "aud",
  user: "usr",
  invitation: "inv",
  session: "ses",
  account: "acc",
  verification: "ver",
  two_factor: "tfa",
  demo: "dem",
  gateway: "gtw",
  passkey: "pky",
  issue: "iss",
  saved_view: "viw",
  mail_address: "mad",
  flow: "flw",
} as const;
export type IdKind = keyof typeof ID_PREFIX;

/** 48 bits of milliseconds since the epoch as 10 characters. */
function encodeTime(timeMs: number): string {
  let rest = timeMs;
  let text = "";
  for (let i = 0; i < TIME_CHARS; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The first 16 bytes as 16 characters: five bits of each byte, 80 bits in all. */
function encodeBits(bytes: Uint8Array, offset = 0): string {
  let text = "";
  for (let i = 0; i < RANDOM_CHARS; i++) text += ALPHABET.charAt((bytes[offset + i] ?? 0) & 31);
  return text;
}

// One system call provides random bytes for many ids: a call for each costs more than the rest of the id.
const pool = new Uint8Array(RANDOM_CHARS * 512);
let poolAt = pool.length;

/** Takes `count` unused random bytes of the pool. Returns their place. */
function takeRandom(count: number): number {
  if (poolAt + count > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += count;
  return poolAt - count;
}

/** A new id such as `req_01KA…`: prefix, 10 characters of time, 16 random ones. */
export function newId(kind: IdKind, nowMs: number = Date.now()): string {
  return `${ID_PREFIX[kind]}_${encodeTime(nowMs)}${encodeBits(pool, takeRandom(RANDOM_CHARS))}`;
}

const COUNT_CHARS = 3;
let latestMs = 0;
let countInMs = 0;

/**
 * A new id of a request. Those of one process sort in the order in which they were made, within a millisecond too: the first three
 * characters after the time count, the others are random.
 */
export function newRequestId(nowMs: number): string {
  countInMs = nowMs === latestMs ? countInMs + 1 : 0;
  latestMs = nowMs;
  const id = newId("request", nowMs);
  const at = id.length - RANDOM_CHARS;
  const count =
    ALPHABET.charAt((countInMs >> 10) & 31) + ALPHABET.charAt((countInMs >> 5) & 31) + ALPHABET.charAt(countInMs & 31);
  return id.slice(0, at) + count + id.slice(at + COUNT_CHARS);
}

/** 16 random hexadecimal digits: the parent id of W3C Trace Context. */
export function newSpanId(): string {
  const at = takeRandom(8);
  return Buffer.from(pool.buffer, at, 8).toString("hex");
}

/** The one id that the dead letter of an event has: among those of the event's request. */
export const letterId = (requestId: string, eventId: string): string =>
  derivedId("event", requestId, `letter:${eventId}`);

/** The one id that a child of `kind` has for this pair: same time part as the request, then a hash. Routing twice makes the same rows. */
export function derivedId(kind: "event" | "ignored_event", requestId: string, connectionId: string): string {
  const digest = hash("sha256", `${requestId}:${connectionId}`, "buffer");
  return `${ID_PREFIX[kind]}_${timePart(requestId)}${encodeBits(digest)}`;
}

/** The one id of a request that tells of the happening `key`, which was at `timeMs`. */
export function derivedRequestId(timeMs: number, key: string): string {
  return `${ID_PREFIX.request}_${encodeTime(timeMs)}${encodeBits(hash("sha256", key, "buffer"))}`;
}

/** The smallest possible id of `kind` made at `timeMs`: bounds of partitions and of time filters. */
export function lowestId(kind: IdKind, timeMs: number): string {
  return `${ID_PREFIX[kind]}_${encodeTime(Math.max(0, Math.floor(timeMs)))}`;
}

/** The ids of `kind` that were derived from a request lie in [from, to): one millisecond of the id space. */
export function derivedRange(kind: "event" | "ignored_event", requestId: string): { from: string; to: string } {
  const timeMs = idTimeMs(requestId);
  return { from: lowestId(kind, timeMs), to: lowestId(kind, timeMs + 1) };
}

/** The time at which an id was made, in milliseconds since the epoch. */
export function idTimeMs(id: string): number {
  let timeMs = 0;
  for (const char of timePart(id)) timeMs = timeMs * 32 + ALPHABET.indexOf(char);
  return timeMs;
}

function timePart(id: string): string {
  const start = id.indexOf("_") + 1;
  return id.slice(start, start + TIME_CHARS);
}

/** Whether `text` has the form of an id of this kind; says nothing about its existence. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(`^${ID_PREFIX[kind]}_[${ALPHABET}]{${TIME_CHARS + RANDOM_CHARS}}$`).test(text);
}

/** The key in a source's URL: 26 random characters that cannot be guessed and carry no time. */
export function newSourceKey(): string {
  const bytes = randomFillSync(new Uint8Array(26));
  let key = "";
  for (const byte of bytes) key += ALPHABET.charAt(byte & 31);
  return key.toLowerCase();
}

/** Whether `text` has the form of a source's key. */
export const isSourceKey = (text: string) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);
