// An outline of JSON: a few values by their paths, found without building the rest. The name of an event in a body of 10 MiB must
// not cost more than reading it a few times.

/** Deeper JSON is text to the rules, so it has no members here either. */
const MAX_DEPTH = 512;
/** A longer text is no name and no id. */
const MAX_TEXT_BYTES = 16 * 1024;
const MAX_INTEGER_DIGITS = 255;
/** Of a list so many elements are read. An outline with more of them, one, says that there are more. */
export const MAX_LISTED = 2_000;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const BOM = [0xef, 0xbb, 0xbf];

/** What an outline has of a value: the members of an object by name, the elements of a list. */
export interface Wanted {
  readonly names: readonly string[];
  /** In the order of `names`. */
  readonly members: readonly Wanted[];
  /** Of each element of a list. */
  readonly each: Wanted | null;
  /** Of a list without `each`, the number of elements that are read. */
  readonly elements: readonly (Wanted | null)[];
}

const EACH = "*";
/** Among the members of an object: the last one that is an object and is not wanted by its own name. */
export const ANY_OBJECT = "{}";
const INDEX = /^\d$/;

/** @param paths such as `data.object.id`; a digit is an element of a list, `*` each of them, `{}` as `ANY_OBJECT` has it */
export function wantedAt(paths: readonly string[]): Wanted {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const dot = path.indexOf(".");
    const name = dot === -1 ? path : path.slice(0, dot);
    below.set(name, [...(below.get(name) ?? []), ...(dot === -1 ? [] : [path.slice(dot + 1)])]);
  }
  const wanted = new Map([...below].map(([name, rest]) => [name, wantedAt(rest)]));
  const named = [...wanted].filter(([name]) => name !== EACH && !INDEX.test(name));
  const indexes = [...wanted.keys()].filter((name) => INDEX.test(name)).map(Number);
  return {
    names: named.map(([name]) => name),
    members: named.map(([, member]) => member),
    each: wanted.get(EACH) ?? null,
    elements: Array.from({ length: Math.max(-1, ...indexes) + 1 }, (_, i) => wanted.get(String(i)) ?? null),
  };
}

const isOfList = ({ each, elements }: Wanted) => each !== null || elements.length > 0;

/** A number beyond 2^53 is a bigint; what is too long, or an object or list of which nothing is wanted, is empty or left out. */
export type Outline = Record<string, unknown> | readonly unknown[];

/**
 * What is wanted of a JSON object, or of a list where elements are wanted. Undefined where the bytes are no such JSON. What
 * lies beside it is passed over by its brackets and quotes, not checked.
 *
 * A key that spells its letters with escapes is not recognised; of a key that comes several times the last one counts.
 */
export function outlineJson(bytes: Buffer, wanted: Wanted): Outline | undefined {
  const start = skipBlanks(bytes, BOM.every((byte, i) => bytes[i] === byte) ? BOM.length : 0);
  if (bytes[start] !== OPEN_ARRAY) return outlineObject(bytes, start, bytes.length, wanted);
  const end = isOfList(wanted) ? endOfBrackets(bytes, start, bytes.length) : -1;
  return end !== -1 && isBlank(bytes, end, bytes.length) ? outlineList(bytes, start, end, wanted) : undefined;
}

function outlineObject(bytes: Buffer, start: number, end: number, wanted: Wanted): Outline | undefined {
  const found = findMembers(bytes, start, end, wanted.names);
  if (!found) return undefined;
  const members: [string, unknown][] = [];
  for (const [i, name] of wanted.names.entries()) {
    const at = found.starts[i] ?? -1;
    if (at === -1) continue;
    const value = readValue(bytes, at, found.ends[i] ?? at, wanted.members[i] as Wanted);
    if (value !== undefined) members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function outlineList(bytes: Buffer, start: number, end: number, { each, elements }: Wanted): Outline | undefined {
  const read: unknown[] = [];
  const most = each ? MAX_LISTED + 1 : elements.length;
  let i = skipBlanks(bytes, start + 1);
  if (bytes[i] === CLOSE_ARRAY) return read;
  while (read.length < most) {
    const valueEnd = endOfValue(bytes, i, end);
    if (valueEnd === -1) return undefined;
    const wanted = each ?? elements[read.length] ?? null;
    read.push(wanted === null ? undefined : readValue(bytes, i, valueEnd, wanted));
    i = skipBlanks(bytes, valueEnd);
    if (bytes[i] === CLOSE_ARRAY) return read;
    if (bytes[i] !== COMMA) return undefined;
    i = skipBlanks(bytes, i + 1);
  }
  return read;
}

/** Finds the beginning and end of the values of the named members; null when this is no JSON object. */
function findMembers(bytes: Buffer, start: number, end: number, names: readonly string[]) {
  const starts = names.map(() => -1);
  const ends = names.map(() => -1);
  const any = names.indexOf(ANY_OBJECT);
  if (bytes[start] !== OPEN_OBJECT) return null;
  let i = skipBlanks(bytes, start + 1);
  if (bytes[i] === CLOSE_OBJECT) return isBlank(bytes, i + 1, end) ? { starts, ends } : null;
  for (;;) {
    if (bytes[i] !== QUOTE) return null;
    const keyEnd = endOfText(bytes, i, end);
    const named = indexOfName(bytes, i + 1, keyEnd - 1, names);
    i = skipBlanks(bytes, keyEnd);
    if (bytes[i] !== COLON) return null;
    const valueStart = skipBlanks(bytes, i + 1);
    const valueEnd = endOfValue(bytes, valueStart, end);
    if (valueEnd === -1) return null;
    const wanted = named === -1 && bytes[valueStart] === OPEN_OBJECT ? any : named;
    if (wanted !== -1) {
      starts[wanted] = valueStart;
      ends[wanted] = valueEnd;
    }
    i = skipBlanks(bytes, valueEnd);
    if (bytes[i] === CLOSE_OBJECT) return isBlank(bytes, i + 1, end) ? { starts, ends } : null;
    if (bytes[i] !== COMMA) return null;
    i = skipBlanks(bytes, i + 1);
  }
}

function indexOfName(bytes: Buffer, start: number, end: number, names: readonly string[]): number {
  const length = end - start;
  const first = bytes[start];
  for (let n = 0; n < names.length; n++) {
    const name = names[n] as string;
    if (name.length !== length || name.charCodeAt(0) !== first) continue;
    let at = 1;
    while (at < length && bytes[start + at] === name.charCodeAt(at)) at++;
    if (at === length) return n;
  }
  return -1;
}

function skipBlanks(bytes: Buffer, start: number): number {
  let i = start;
  for (let byte = bytes[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[++i]);
  return i;
}

const isBlank = (bytes: Buffer, start: number, end: number) => skipBlanks(bytes, start) >= end;

/** Behind the quote that closes the text opened at `start`, or past the end. */
function endOfText(bytes: Uint8Array, start: number, end: number): number {
  let i = start + 1;
  for (; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i++;
  }
  return end + 1;
}

/** Behind the value at `start`, or -1 where none ends before `end`. */
function endOfValue(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start];
  if (first === QUOTE) {
    const textEnd = endOfText(bytes, start, end);
    return textEnd > end ? -1 : textEnd;
  }
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfBrackets(bytes, start, end);
  let i = start;
  for (; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= 0x20) break;
  }
  return i === start ? -1 : i;
}

/** 1 for the bytes at which brackets are counted: most bytes are not, and one look says so. */
const MATTERS = new Uint8Array(256);
for (const byte of [QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY]) MATTERS[byte] = 1;

function endOfBrackets(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (MATTERS[byte] === 0) continue;
    if (byte === QUOTE) {
      i = endOfText(bytes, i, end) - 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      // The object around counts as one.
      if (++depth >= MAX_DEPTH) return -1;
    } else if (--depth === 0) return i + 1;
  }
  return -1;
}

function readValue(bytes: Buffer, start: number, end: number, wanted: Wanted): unknown {
  const first = bytes[start];
  if (first === OPEN_OBJECT) return wanted.names.length === 0 ? {} : outlineObject(bytes, start, end, wanted);
  if (first === OPEN_ARRAY) return isOfList(wanted) ? outlineList(bytes, start, end, wanted) : undefined;
  if (end - start > MAX_TEXT_BYTES) return undefined;
  const text = bytes.toString("utf8", start, end);
  if (/^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text))) {
    return text.length <= MAX_INTEGER_DIGITS ? BigInt(text) : undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
