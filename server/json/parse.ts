// Parses JSON texts with the very digits of each number. A number that a double holds is an ordinary number. A text without
// other numbers costs one look for them and a native parse.
import { ExactNumber, isHeldByDouble } from "./exact-number.ts";
import { endOfString, isDigit, pastSpace } from "./scan.ts";
import { isObject, type Json, type JsonObject } from "./value.ts";

/** Doubles hold every number of 15 digits without an exponent. */
const MAY_BE_EXACT = /\d[\d.]{15}|\d[eE]/;

/** Whether a text has 16 digits in a row or an exponent, in numbers or elsewhere. */
export const mayHoldExactNumbers = (text: string): boolean => MAY_BE_EXACT.test(text);

/** `JSON.parse`, but for numbers that a double cannot hold. Throws a SyntaxError as that does. */
export function parseJson(text: string): Json {
  return mayHoldExactNumbers(text) ? parseMarkedJson(text) : JSON.parse(text);
}

/**
 * `parseJson` for a text in which numbers of more than 15 digits, or with exponents, were seen. Those that no double holds
 * become strings under a tag, which are found again in the result of the native parser. A reviver takes ten times as long.
 */
export function parseMarkedJson(text: string): Json {
  const tagged = tagMarked(text, TAG);
  if (tagged === text) return JSON.parse(text);
  try {
    return untag(JSON.parse(tagged), TAG);
  } catch {
    // The message names a place, which is right for the text as it came.
    return JSON.parse(text);
  }
}

/** A tag that no sender can know, so none of their strings is taken for a number. */
export const makeTag = () => `number-${crypto.getRandomValues(new Uint32Array(4)).join("-")}:`;
const TAG = makeTag();

/** The text with each number that no double holds as a string of `tag` and its digits: the same text when there is none. */
export const tagNumbers = (text: string, tag: string): string =>
  mayHoldExactNumbers(text) ? tagMarked(text, tag) : text;

function tagMarked(text: string, tag: string): string {
  let out = "";
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === MINUS || isDigit(unit)) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (isExact(number) && !isKey(text, end)) {
        out += `${text.slice(copied, at)}"${tag}${number}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** Puts an `ExactNumber` in the place of each tagged string. A stack of its own, because the nesting is the sender's. */
function untag(root: Json, tag: string): Json {
  const read = (value: Json) =>
    typeof value === "string" && value.startsWith(tag) ? new ExactNumber(value.slice(tag.length)) : value;
  const holder: Json[] = [root];
  const open: (Json[] | JsonObject)[] = [holder];
  for (let container = open.pop(); container; container = open.pop()) {
    if (Array.isArray(container)) {
      for (let index = 0; index < container.length; index += 1) {
        const value = container[index] ?? null;
        if (isContainer(value)) open.push(value);
        else if (typeof value === "string") container[index] = read(value);
      }
    } else {
      for (const key of Object.keys(container)) {
        const value = container[key] ?? null;
        if (isContainer(value)) open.push(value);
        else if (typeof value === "string" && read(value) !== value) setOwn(container, key, read(value));
      }
    }
  }
  return holder[0] ?? null;
}

const isContainer = (value: Json): value is Json[] | JsonObject => Array.isArray(value) || isObject(value);

/** Also where the key is `__proto__`, which an assignment would not make a member. */
function setOwn(container: JsonObject, key: string, value: Json): void {
  if (key !== "__proto__") container[key] = value;
  else Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

const QUOTE = 0x22;
const MINUS = 0x2d;
const COLON = 0x3a;

/** Behind the last character that could belong to the number that begins at `start`. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // e, E, plus, minus, point
    if (!isDigit(unit) && unit !== 0x65 && unit !== 0x45 && unit !== 0x2b && unit !== MINUS && unit !== 0x2e) break;
  }
  return at;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Fifteen characters with an exponent of two digits at most, or none. */
const SURELY_HELD = /^[-.\d]{1,15}(?:[eE][+-]?\d\d?)?$/;

/** False too for what is no number of JSON: the parser is to see that. */
const isExact = (number: string) => !SURELY_HELD.test(number) && JSON_NUMBER.test(number) && !isHeldByDouble(number);

/** A number in the place of a key is no JSON, and must not become some. */
const isKey = (text: string, end: number) => text.charCodeAt(pastSpace(text, end)) === COLON;
