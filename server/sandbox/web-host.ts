// The host's side of the web's helpers: Node's own URL, text codecs, hashes and Intl answer a transform's calls. All of it
// is pure but for random numbers. Every call is bounded by its input, and the deadline is checked between calls.
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";

/** The answer of a helper: JSON, bytes, or the error for which there is neither. */
export type WebAnswer = { kind: "value"; value: unknown } | { kind: "bytes"; bytes: Uint8Array } | WebProblem;
interface WebProblem {
  kind: "problem";
  /** The name of the error that the helper throws. */
  name: string;
  message: string;
}

/** Bounds the input, so that no call takes much longer than the code around it. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_RANDOM_BYTES = 65_536;

type Operation = (args: unknown[], buffers: Uint8Array[]) => unknown;

const text = (value: unknown) => (typeof value === "string" ? value : "");
const bytesAt = (buffers: Uint8Array[], index: number) => buffers[index] ?? new Uint8Array();

const OPERATIONS: Record<string, Operation> = {
  url: ([href, base]) => partsOf(typeof base === "string" ? new URL(text(href), base) : new URL(text(href))),
  setUrl: ([href, part, value]) => {
    const url = new URL(text(href));
    if (isSettable(part)) url[part] = text(value);
    return partsOf(url);
  },
  readParams: ([query]) => [...new URLSearchParams(text(query))],
  writeParams: ([pairs]) => new URLSearchParams(pairs as [string, string][]).toString(),
  encode: ([given]) => new TextEncoder().encode(text(given)),
  encodingOf: ([label]) => new TextDecoder(text(label)).encoding,
  decode: ([label, options], buffers) =>
    new TextDecoder(text(label), options as TextDecoderOptions).decode(bytesAt(buffers, 0)),
  atob: ([given]) => atob(text(given)),
  btoa: ([given]) => btoa(text(given)),
  digest: ([algorithm], buffers) => createHash(hashName(algorithm)).update(bytesAt(buffers, 0)).digest(),
  hmac: ([algorithm], buffers) =>
    createHmac(hashName(algorithm), bytesAt(buffers, 0)).update(bytesAt(buffers, 1)).digest(),
  uuid: () => randomUUID(),
  random: ([count]) => randomBytes(Math.min(Number(count), MAX_RANDOM_BYTES)),
  intl: ([kind, locales, options, method, args]) => callIntl(text(kind), locales, options, text(method), args),
};

/** Runs the operation that `request`, a JSON list, names first. */
export function answerWeb(request: string, buffers: Uint8Array[]): WebAnswer {
  if (request.length > MAX_BYTES || buffers.some(({ length }) => length > MAX_BYTES)) {
    return { kind: "problem", name: "RangeError", message: "A helper takes at most 16 MiB at a time." };
  }
  try {
    const [name, ...args] = JSON.parse(request) as unknown[];
    const operation = Object.hasOwn(OPERATIONS, text(name)) ? OPERATIONS[text(name)] : undefined;
    if (!operation) throw new TypeError(`There is no helper ${text(name)}.`);
    const value = operation(args, buffers);
    return value instanceof Uint8Array ? { kind: "bytes", bytes: value } : { kind: "value", value };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: "The helper failed." };
    return { kind: "problem", name, message };
  }
}

const PARTS = [
  "href",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
const isSettable = (part: unknown): part is (typeof PARTS)[number] => PARTS.some((known) => known === part);
const partsOf = (url: URL) => ({
  ...Object.fromEntries(PARTS.map((part) => [part, url[part]])),
  origin: url.origin,
});

const HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];

function hashName(algorithm: unknown): string {
  const name = text(algorithm).toUpperCase();
  if (!HASHES.includes(name)) throw new TypeError(`Use one of ${HASHES.join(", ")}.`);
  return name.replace("-", "");
}

/** The methods of each formatter that may be called. Dates come as milliseconds. */
const INTL: Record<string, { methods: string[]; dates: boolean; make: (...given: never[]) => object }> = {
  DateTimeFormat: {
    methods: ["format", "formatToParts", "formatRange", "resolvedOptions"],
    dates: true,
    make: (...given) => new Intl.DateTimeFormat(...given),
  },
  NumberFormat: {
    methods: ["format", "formatToParts", "resolvedOptions"],
    dates: false,
    make: (...given) => new Intl.NumberFormat(...given),
  },
  PluralRules: {
    methods: ["select", "resolvedOptions"],
    dates: false,
    make: (...given) => new Intl.PluralRules(...given),
  },
  RelativeTimeFormat: {
    methods: ["format", "resolvedOptions"],
    dates: false,
    make: (...given) => new Intl.RelativeTimeFormat(...given),
  },
  ListFormat: { methods: ["format"], dates: false, make: (...given) => new Intl.ListFormat(...given) },
  Collator: { methods: ["compare", "resolvedOptions"], dates: false, make: (...given) => new Intl.Collator(...given) },
  Date: {
    methods: ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"],
    dates: true,
    make: () => new Date(),
  },
};

/** The language and zone of a server that says neither: an answer does not depend on the machine. */
const LOCALE = "en-US";
const ZONE = "UTC";

function callIntl(kind: string, locales: unknown, options: unknown, method: string, args: unknown): unknown {
  const formatter = Object.hasOwn(INTL, kind) ? INTL[kind] : undefined;
  if (!formatter?.methods.includes(method)) throw new TypeError(`There is no Intl.${kind} with ${method}.`);
  const chosen = { ...(formatter.dates && { timeZone: ZONE }), ...(options as object | null) };
  const given = Array.isArray(args) ? args : [];
  if (kind === "Date") {
    const date = new Date(given[0] === null ? Number.NaN : Number(given[0]));
    return (date[method as "toLocaleString"] as (...rest: unknown[]) => string)(locales ?? LOCALE, chosen);
  }
  const made = formatter.make(...([locales ?? LOCALE, chosen] as never[]));
  return (made as Record<string, (...rest: unknown[]) => unknown>)[method]?.(...given);
}
