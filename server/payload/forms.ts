// Forms as their senders meant them, urlencoded or multipart: fields by name, within caps, on copies of the bytes.

/** A form with more fields than this is not read: it would only cost work. */
export const MAX_FIELDS = 5_000;
const MAX_PART_HEADER_BYTES = 8_192;
const MAX_BOUNDARY_BYTES = 200;
const END_OF_HEADERS = "\r\n\r\n";

/** Undefined where there are more than 5,000 fields. */
export function parseUrlencoded(text: string): [string, string][] | undefined {
  const pairs = text.split("&", MAX_FIELDS + 1);
  return pairs.length > MAX_FIELDS ? undefined : readPairs(pairs);
}

export function readPairs(pairs: string[]): [string, string][] {
  return pairs
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1
        ? [decodeField(pair), ""]
        : [decodeField(pair.slice(0, equals)), decodeField(pair.slice(equals + 1))];
    });
}

/** Decodes a field. A text that is no valid percent-encoding is kept as it stands. */
export function decodeField(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return text;
  }
}

/** By name, an array where a name came several times. `__proto__` is a name like any other: these are own properties. */
export function collectFields<T>(fields: Iterable<[string, T]>): Record<string, T | T[]> {
  const byName = new Map<string, T[]>();
  for (const [name, value] of fields) {
    const earlier = byName.get(name);
    if (earlier) earlier.push(value);
    else byName.set(name, [value]);
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => [name, values.length === 1 ? (values[0] as T) : values]),
  );
}

/** One part of a `multipart/form-data` body. */
export interface FormPart {
  name: string;
  /** Null for a field; a file may have an empty one. */
  filename: string | null;
  contentType: string | null;
  /** A view of the body's bytes. */
  bytes: Buffer;
}

const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i;

/** Undefined where it is no multipart form, has no end, or more than 5,000 parts. RFC 7578. */
export function readMultipart(body: Buffer, contentType: string): FormPart[] | undefined {
  const [, quoted, plain] = BOUNDARY.exec(contentType.slice(0, MAX_PART_HEADER_BYTES)) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary.length > MAX_BOUNDARY_BYTES) return undefined;
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  const parts: FormPart[] = [];
  let at = startOf(body, delimiter);
  while (at !== -1) {
    const lineEnd = body.indexOf("\r\n", at);
    if (isClosing(body, at)) return parts;
    const end = lineEnd === -1 ? -1 : nextDelimiter(body, delimiter, lineEnd);
    if (end === -1 || parts.length === MAX_FIELDS) return undefined;
    const part = readPart(body, lineEnd + 2, end);
    if (part) parts.push(part);
    at = end + 2 + delimiter.length;
  }
  return undefined;
}

const isClosing = (body: Buffer, at: number) => body[at] === 0x2d && body[at + 1] === 0x2d;

/** Behind the first delimiter: at the very start, or after a preamble that nobody reads. */
function startOf(body: Buffer, delimiter: Buffer): number {
  if (matches(body, 0, delimiter)) return delimiter.length;
  const at = nextDelimiter(body, delimiter, 0);
  return at === -1 ? -1 : at + 2 + delimiter.length;
}

/**
 * Where the line break before the next delimiter is. By hand: a boundary can be chosen so that a search which compares from
 * its end takes as many steps as the body has bytes times its own.
 */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  for (let at = from; at < body.length; at++) {
    if (body[at] === 0x0d && body[at + 1] === 0x0a && matches(body, at + 2, delimiter)) return at;
  }
  return -1;
}

/** A longer boundary may begin with this one: behind it comes the end of its line, or the dashes of the last. */
function matches(body: Buffer, at: number, delimiter: Buffer): boolean {
  for (let i = 0; i < delimiter.length; i++) if (body[at + i] !== delimiter[i]) return false;
  const next = body[at + delimiter.length];
  return next === 0x0d || next === 0x2d || next === 0x20 || next === 0x09;
}

/** Null for a part without a name, or with headers that are none. */
function readPart(body: Buffer, start: number, end: number): FormPart | null {
  const head = body.subarray(start, Math.min(end, start + MAX_PART_HEADER_BYTES));
  const headEnd = head.indexOf(END_OF_HEADERS);
  if (headEnd === -1) return null;
  const headers = new Map(
    head
      .toString("utf8", 0, headEnd)
      .split("\r\n")
      .map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  const disposition = headers.get("content-disposition") ?? "";
  const name = parameterOf(disposition, "name");
  if (name === null) return null;
  return {
    name,
    filename: parameterOf(disposition, "filename"),
    contentType: headers.get("content-type") ?? null,
    bytes: body.subarray(start + headEnd + END_OF_HEADERS.length, end),
  };
}

/** Browsers write a quote as `%22`, others as `\"`. */
function parameterOf(header: string, name: string): string | null {
  const pattern = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, "i");
  const [, quoted, plain] = pattern.exec(header) ?? [];
  if (quoted === undefined) return plain ?? null;
  return quoted
    .replaceAll(/\\(["\\])/g, "$1")
    .replaceAll("%22", '"')
    .replaceAll(/%0D%0A/gi, "\r\n");
}
