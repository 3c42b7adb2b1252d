// Headers of an attempt as they are stored: a list in which a text stands for what the attempt's own row says already, and for names
// that nearly every message has. Names, values and their order come back exactly; whatever does not fit stays a pair. A text needs
// nothing but its row, so it is erased, masked and dropped with it. Rows keep their texts for ever: a code never changes its meaning,
// and `unpacked_headers` in the database says the same.
import { hash } from "node:crypto";

export type Pair = [name: string, value: string];
/** A pair, or a text: a code of one letter, and what it needs. */
export type PackedHeaders = (Pair | string)[];

/** The columns of an attempt that its headers repeat. */
export interface PackedBeside {
  event_id: string;
  source_id: string;
  connection_id: string;
  number: number;
  trigger: string;
  created_at: Date;
}

/** `webhook-id` and `webhook-timestamp`. */
const IDENTITY = "i";
/** The headers from `x-switchyard-event-id` to `-hops`, and `traceparent` where it begins a trace of the request. */
const FACTS = "x";
/** A letter stands for the name as it is here; its capital, for the name with capitals. The value follows. */
export const NAMES: Record<string, string> = {
  a: "accept",
  b: "cache-control",
  c: "content-type",
  e: "accept-encoding",
  f: "content-encoding",
  k: "connection",
  l: "content-length",
  n: "transfer-encoding",
  p: "keep-alive",
  s: "webhook-signature",
  u: "user-agent",
  v: "server",
  w: "vary",
};
/** A date, as its distance to the attempt's second. */
const DATE = "d";
const MAX_SECONDS_APART = 100_000;

export const withCapitals = (name: string) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
const NAME_OF = new Map(
  Object.entries({ ...NAMES, [DATE]: "date" }).flatMap(([code, name]) => [
    [code, name],
    [code.toUpperCase(), withCapitals(name)],
  ]),
);
const CODE_OF = new Map([...NAME_OF].map(([code, name]) => [name, code]));

const secondOf = (at: Date) => Math.floor(at.getTime() / 1000);
const identity = ({ event_id, created_at }: PackedBeside): Pair[] => [
  ["webhook-id", event_id],
  ["webhook-timestamp", String(secondOf(created_at))],
];
const facts = (beside: PackedBeside, requestId: string, isVerified: string, hops: string): Pair[] => [
  ["x-switchyard-event-id", beside.event_id],
  ["x-switchyard-request-id", requestId],
  ["x-switchyard-source", beside.source_id],
  ["x-switchyard-connection-id", beside.connection_id],
  ["x-switchyard-attempt", String(beside.number)],
  ["x-switchyard-trigger", beside.trigger],
  ["x-switchyard-verified", isVerified],
  ["x-switchyard-hops", hops],
];
const FACTS_LENGTH = 8;

/** The trace that all attempts of a request share which came without one. */
export const traceIdOf = (requestId: string): string => hash("md5", requestId);
const traceparent = (requestId: string, span: string): Pair => ["traceparent", `00-${traceIdOf(requestId)}-${span}-01`];

const isAt = (headers: readonly Pair[], at: number, pairs: readonly Pair[]) =>
  pairs.every(([name, value], i) => headers[at + i]?.[0] === name && headers[at + i]?.[1] === value);

/** The time part of a request's id is mostly that of its events, and then left out. */
const ID_HEAD = 4;
const ID_TIME_END = 14;
const timePart = (id: string) => id.slice(ID_HEAD, ID_TIME_END);

/** @param headers any list */
export function packHeaders(headers: readonly Pair[], beside: PackedBeside): PackedHeaders {
  const packed: PackedHeaders = [];
  for (let at = 0; at < headers.length; ) {
    const pair = headers[at] as Pair;
    const run = packIdentity(headers, at, beside) ?? packFacts(headers, at, beside);
    packed.push(run ? run.text : packNamed(pair, beside));
    at += run ? run.length : 1;
  }
  return packed;
}

type Run = { text: string; length: number } | null;

function packIdentity(headers: readonly Pair[], at: number, beside: PackedBeside): Run {
  if (headers[at]?.[0] !== "webhook-id") return null;
  return isAt(headers, at, identity(beside)) ? { text: IDENTITY, length: 2 } : null;
}

function packFacts(headers: readonly Pair[], at: number, beside: PackedBeside): Run {
  if (headers[at]?.[0] !== "x-switchyard-event-id") return null;
  const [requestId = "", isVerified = "", hops = ""] = [1, 6, 7].map((i) => headers[at + i]?.[1]);
  if (!/^req_[0-9A-Z]{26}$/.test(requestId) || !/^(true|false)$/.test(isVerified) || !/^\d{1,9}$/.test(hops))
    return null;
  if (!isAt(headers, at, facts(beside, requestId, isVerified, hops))) return null;
  const sharesTime = timePart(requestId) === timePart(beside.event_id);
  const text = `${FACTS}${requestId.slice(sharesTime ? ID_TIME_END : 0)},${isVerified},${hops}`;
  const span = headers[at + FACTS_LENGTH]?.[1].slice(36, 52) ?? "";
  if (!/^[0-9a-f]{16}$/.test(span) || !isAt(headers, at + FACTS_LENGTH, [traceparent(requestId, span)])) {
    return { text, length: FACTS_LENGTH };
  }
  return { text: `${text},${span}`, length: FACTS_LENGTH + 1 };
}

function packNamed(pair: Pair, { created_at }: PackedBeside): Pair | string {
  const code = CODE_OF.get(pair[0]);
  if (code === undefined) return pair;
  if (code.toLowerCase() !== DATE) return code + pair[1];
  const apart = Date.parse(pair[1]) / 1000 - secondOf(created_at);
  if (!(Math.abs(apart) < MAX_SECONDS_APART) || dateAt(created_at, apart) !== pair[1]) return pair;
  return code + apart;
}

const dateAt = (at: Date, secondsApart: number) => new Date((secondOf(at) + secondsApart) * 1000).toUTCString();

/** The headers that were packed. Lists from before there were texts are as they were. */
export function unpackHeaders(packed: PackedHeaders, beside: PackedBeside): Pair[] {
  return packed.flatMap((element) => (typeof element === "string" ? unpackText(element, beside) : [element]));
}

function unpackText(text: string, beside: PackedBeside): Pair[] {
  const [code = "", rest] = [text.slice(0, 1), text.slice(1)];
  if (code === IDENTITY) return identity(beside);
  if (code === FACTS) {
    const [id = "", isVerified = "", hops = "", span] = rest.split(",");
    const requestId = id.startsWith("req_") ? id : `req_${timePart(beside.event_id)}${id}`;
    const told = facts(beside, requestId, isVerified, hops);
    return span === undefined ? told : [...told, traceparent(requestId, span)];
  }
  const name = NAME_OF.get(code);
  if (name === undefined) throw new Error(`The headers of an attempt have a code that is not known: ${code}.`);
  return [[name, code.toLowerCase() === DATE ? dateAt(beside.created_at, Number(rest)) : rest]];
}
