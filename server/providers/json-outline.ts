// An outline of a JSON object: a few members by name, found in one pass over the bytes without building the rest. The name
// of an event in a body of 10 MiB must not cost more than reading it once.

/** Deeper JSON is text to the rules, so it has no members here either. */
const MAX_DEPTH = 512;
/** A longer text is no name and no id. */
const MAX_TEXT_BYTES = 16 * 1024;
const MAX_INTEGER_DIGITS = 255;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const BOM = [0xef, 0xbb, 0xbf];

/** Members by name; a number beyond 2^53 is a bigint, and what is too long, an array or deeper than one level is left out. */
export type Outline = Record<string, unknown>;

/**
 * The members called one of `names`, and of members that are objects again those called so. Undefined where the bytes are
 * no JSON object. What lies deeper is passed over by its brackets and quotes, not checked.
 *
 * A key that spells its letters with escapes is not recognised; of a key that comes several times the last one counts.
 */
export function outlineJson(bytes: Buffer, names: readonly string[]): Outline | undefined {
  const start = BOM.every((byte, i) => bytes[i] === byte) ? BOM.length : 0;
  return outlineObject(bytes, skipBlanks(bytes, start), bytes.length, names, 1);
}

function outlineObject(
  bytes: Buffer,
  start: number,
  end: number,
  names: readonly string[],
  levels: number,
): Outline | undefined {
  const found = findMembers(bytes, start, end, names);
  if (!found) return undefined;
  const members: [string, unknown][] = [];
  for (const [i, name] of names.entries()) {
    const at = found.starts[i] ?? -1;
    if (at === -1) continue;
    const value = readValue(bytes, at, found.ends[i] ?? at, names, levels);
    if (value !== undefined) members.push([name, value]);
  }
  return Object.fromEntries(members);
}

/** Finds the beginning and end of the values of the named members; null when this is no JSON object. */
function findMembers(bytes: Buffer, start: number, end: number, names: readonly string[]) {
  const starts = names.map(() => -1);
  const ends = names.map(() => -1);
  if (bytes[start] !== OPEN_OBJECT) return null;
  let i = skipBlanks(bytes, start + 1);
  if (bytes[i] === CLOSE_OBJECT) return isBlank(bytes, i + 1, end) ? { starts, ends } : null;
  for (;;) {
    if (bytes[i] !== QUOTE) return null;
    const keyEnd = endOfText(bytes, i, end);
    const wanted = indexOfName(bytes, i + 1, keyEnd - 1, names);
    i = skipBlanks(bytes, keyEnd);
    if (bytes[i] !== COLON) return null;
    const valueStart = skipBlanks(bytes, i + 1);
    const valueEnd = endOfValue(bytes, valueStart, end);
    if (valueEnd === -1) return null;
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

function readValue(bytes: Buffer, start: number, end: number, names: readonly string[], levels: number): unknown {
  const first = bytes[start];
  if (first === OPEN_OBJECT) return levels === 0 ? undefined : outlineObject(bytes, start, end, names, levels - 1);
  if (first === OPEN_ARRAY || end - start > MAX_TEXT_BYTES) return undefined;
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
