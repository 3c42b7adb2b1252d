// The outline of a body: the few values by which providers name their events, read without parsing the rest, whatever the size.
import { isUtf8 } from "node:buffer";
import { type Outline, outlineJson, type Wanted } from "#server/json/json-outline.ts";
import { decodeField, MAX_FIELDS, readMultipart } from "./forms.ts";
import { isJsonType, mayHideJson, mediaType } from "./media-type.ts";

const [AMPERSAND, EQUALS, PERCENT, PLUS, SPACE] = [0x26, 0x3d, 0x25, 0x2b, 0x20];
/** A longer value of a form's field is no name and no id. */
const MAX_TEXT_BYTES = 16 * 1024;

/** What is wanted of JSON or of a form, read as rules would read it; undefined where it is neither. */
export function outlineBody(plain: Buffer, contentType: string | null, wanted: Wanted): Outline | undefined {
  const type = mediaType(contentType);
  if (type === "multipart/form-data") return outlineMultipart(plain, contentType ?? "", wanted);
  if (!isUtf8(plain)) return undefined;
  if (isJsonType(type) || mayHideJson(type)) return outlineJson(plain, wanted);
  return type === "application/x-www-form-urlencoded" ? outlineUrlencoded(plain, wanted) : undefined;
}

/** Takes the first of a field that was sent several times. */
function outlineUrlencoded(bytes: Buffer, wanted: Wanted): Outline | undefined {
  const found = new Map<string, unknown>();
  let start = 0;
  for (let fields = 0; start <= bytes.length; fields++) {
    if (fields === MAX_FIELDS) return undefined;
    const end = endAt(bytes, AMPERSAND, start, bytes.length);
    const nameEnd = endAt(bytes, EQUALS, start, Math.min(end, start + 64));
    const name = decodeName(bytes.toString("latin1", start, nameEnd));
    const member = found.has(name) ? undefined : memberOf(wanted, name);
    if (member) found.set(name, readField(bytes, nameEnd + 1, end, member));
    start = end + 1;
  }
  return Object.fromEntries(found);
}

/** Most names stand as they are; those with brackets are sent with their escapes. */
const decodeName = (sent: string) => (sent.includes("%") ? decodeField(sent) : sent);

/** Looks no further than `end`: for each field, a search of all that follows would cost as many times the body as it has fields. */
function endAt(bytes: Buffer, byte: number, start: number, end: number): number {
  const at = bytes.subarray(start, end).indexOf(byte);
  return at === -1 ? end : start + at;
}

const memberOf = ({ names, members }: Wanted, name: string): Wanted | undefined => members[names.indexOf(name)];

/** Some senders write JSON into a field: it is read where something in it is wanted. */
const mayBeJson = ({ names, each }: Wanted) => names.length > 0 || each !== null;

function readField(bytes: Buffer, start: number, end: number, wanted: Wanted): unknown {
  if (mayBeJson(wanted)) {
    const json = outlineJson(decodeBytes(bytes, start, end), wanted);
    if (json) return json;
  }
  return end - start > MAX_TEXT_BYTES ? undefined : decodeField(bytes.toString("utf8", start, end));
}

/** Like `decodeField`, for bytes that may be large. A percent sign that encodes nothing is kept. */
function decodeBytes(bytes: Buffer, start: number, end: number): Buffer {
  const decoded = Buffer.allocUnsafe(Math.max(0, end - start));
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === PERCENT && i + 2 < end) {
      const high = HEX_VALUES[bytes[i + 1] as number] as number;
      const low = HEX_VALUES[bytes[i + 2] as number] as number;
      if (high < 16 && low < 16) {
        decoded[length++] = high * 16 + low;
        i += 2;
        continue;
      }
    }
    decoded[length++] = byte === PLUS ? SPACE : byte;
  }
  return decoded.subarray(0, length);
}

/** The value of a hexadecimal digit's byte; 16 for every other byte. */
const HEX_VALUES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return value === -1 ? 16 : value;
});

function outlineMultipart(bytes: Buffer, contentType: string, wanted: Wanted): Outline | undefined {
  const parts = readMultipart(bytes, contentType);
  if (!parts) return undefined;
  const found = new Map<string, unknown>();
  for (const part of parts) {
    const member = part.filename !== null || found.has(part.name) ? undefined : memberOf(wanted, part.name);
    if (!member) continue;
    const json = mayBeJson(member) ? outlineJson(part.bytes, member) : undefined;
    const text = part.bytes.length > MAX_TEXT_BYTES ? undefined : part.bytes.toString("utf8");
    found.set(part.name, json ?? text);
  }
  return Object.fromEntries(found);
}
