// A JSON text as the lines of its indented form. Nothing is parsed: every value is a slice of the text that came, so digits,
// escapes and doubled keys are shown as they are. No recursion, because the nesting is the sender's.
import { endOfString, pastSpace } from "#server/json/scan.ts";
import { pathStep } from "#server/json/show.ts";

export interface JsonLine {
  kind: "string" | "number" | "word" | "empty" | "open" | "close";
  depth: number;
  /** The line that opens the container around it; -1 at the top. */
  parent: number;
  /** Its key as written, with quotes, or its place in a list. */
  step: string | number | undefined;
  /** Where its value stands in the text; of a line that closes a container, the bracket alone. */
  start: number;
  end: number;
  hasComma: boolean;
  /** Of a line that opens a container: the line that closes it, and how many members are in it. */
  closedBy: number;
  size: number;
}

export interface JsonLines {
  text: string;
  lines: JsonLine[];
  /** How many characters of the text the lines stand for; less than its length when it was too long to show whole. */
  shownChars: number;
}

interface Bounds {
  chars: number;
  lines: number;
}

/** About 50 ms of work in a browser. */
const BOUNDS: Bounds = { chars: 2_000_000, lines: 100_000 };

const NUMBER_OR_WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const ATOM = /[^\s,\]}]*/y;

interface Value {
  kind: "string" | "number" | "word" | "empty" | "open";
  end: number;
}

/** What begins at `at`; of a container with members only the bracket. Undefined where nothing of JSON begins. */
function readValue(text: string, at: number): Value | undefined {
  const first = text[at];
  if (first === "{" || first === "[") {
    const inner = pastSpace(text, at + 1);
    const isEmpty = text[inner] === (first === "{" ? "}" : "]");
    return isEmpty ? { kind: "empty", end: inner + 1 } : { kind: "open", end: at + 1 };
  }
  if (first === '"') {
    const quote = endOfString(text, at);
    return quote < text.length ? { kind: "string", end: quote + 1 } : undefined;
  }
  ATOM.lastIndex = at;
  const atom = ATOM.exec(text)?.[0] ?? "";
  if (!NUMBER_OR_WORD.test(atom)) return undefined;
  return { kind: /^[tfn]/.test(atom) ? "word" : "number", end: at + atom.length };
}

/** The key at `at` and where its value begins. */
function readKey(text: string, at: number): { key: string; next: number } | undefined {
  if (text[at] !== '"') return undefined;
  const end = endOfString(text, at) + 1;
  const colon = pastSpace(text, end);
  return text[colon] === ":" ? { key: text.slice(at, end), next: pastSpace(text, colon + 1) } : undefined;
}

const bracketOf = (text: string, line: JsonLine) => (text[line.start] === "{" ? "}" : "]");

/** Reads over commas and closing brackets behind a value. Gives where the next member begins, or why there is none. */
function readBehind(doc: JsonLines, open: number[], from: number): number | "done" | "broken" {
  const { text, lines } = doc;
  for (let at = pastSpace(text, from); ; at = pastSpace(text, at + 1)) {
    const parent = open.at(-1);
    if (parent === undefined) return at >= text.length ? "done" : "broken";
    const opener = lines[parent];
    const last = lines.at(-1);
    if (!opener || !last) return "broken";
    if (text[at] === ",") {
      last.hasComma = true;
      return pastSpace(text, at + 1);
    }
    if (text[at] !== bracketOf(text, opener)) return "broken";
    opener.end = at + 1;
    opener.closedBy = lines.length;
    open.pop();
    const { depth, parent: outer } = opener;
    const end = at + 1;
    lines.push({ ...LEAF, kind: "close", depth, parent: outer, step: undefined, start: at, end });
  }
}

const LEAF = { hasComma: false, closedBy: -1, size: 0 };

/** The lines of a JSON text, up to a bound; null when the text is not JSON. */
export function readJsonLines(text: string, bounds: Bounds = BOUNDS): JsonLines | null {
  const doc: JsonLines = { text, lines: [], shownChars: text.length };
  const { lines } = doc;
  const open: number[] = [];
  let at = pastSpace(text, 0);
  for (;;) {
    if (lines.length >= bounds.lines || (at >= bounds.chars && lines.length > 0)) return cutShort(doc, open, at);
    const parent = open.at(-1) ?? -1;
    const around = lines[parent];
    let step: string | number | undefined = around?.size;
    if (around && text[around.start] === "{") {
      const read = readKey(text, at);
      if (!read) return null;
      step = read.key;
      at = read.next;
    }
    const value = readValue(text, at);
    if (!value) return null;
    if (around) around.size += 1;
    lines.push({ ...LEAF, kind: value.kind, depth: open.length, parent, step, start: at, end: value.end });
    if (value.kind === "open") {
      open.push(lines.length - 1);
      at = pastSpace(text, value.end);
      continue;
    }
    const next = readBehind(doc, open, value.end);
    if (next === "broken") return null;
    if (next === "done") return doc;
    at = next;
  }
}

/** What is still open when the bound is reached stays open to the last line. */
function cutShort(doc: JsonLines, open: number[], at: number): JsonLines {
  for (const index of open) {
    const line = doc.lines[index];
    if (line) Object.assign(line, { closedBy: doc.lines.length - 1, end: doc.text.length });
  }
  return { ...doc, shownChars: Math.min(at, doc.text.length) };
}

/** The lines that are to be seen when these containers are folded, by index; their numbers stay those of the whole. */
export function visibleLines({ lines }: JsonLines, folded: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    visible.push(index);
    const closedBy = lines[index]?.closedBy ?? -1;
    if (closedBy > index && folded.has(index)) index = closedBy;
  }
  return visible;
}

/** A line's field path as rules write it: `body.data.object["a.b"][0]`. */
export function pathOf({ lines }: JsonLines, index: number, root: string): string {
  const steps: string[] = [];
  for (let at = index; at >= 0; at = lines[at]?.parent ?? -1) {
    const step = lines[at]?.step;
    if (step !== undefined) steps.push(typeof step === "number" ? `[${step}]` : pathStep(keyText(step)));
  }
  return root + steps.reverse().join("");
}

/** A key without its quotes and escapes; as written where the escapes are none of JSON's. */
function keyText(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted.slice(1, -1);
  }
}

/** The lines whose key or value has these letters, in any case. */
export function findLines({ text, lines }: JsonLines, query: string): number[] {
  const wanted = query.toLowerCase();
  if (wanted === "") return [];
  const has = (part: string) => part.toLowerCase().includes(wanted);
  return lines.flatMap((line, index) => {
    const isScalar = line.kind !== "open" && line.kind !== "close";
    const isHit =
      (typeof line.step === "string" && has(line.step)) || (isScalar && has(text.slice(line.start, line.end)));
    return isHit ? [index] : [];
  });
}

/** These folds without those that hide the line. */
export function unfoldTo({ lines }: JsonLines, folded: ReadonlySet<number>, index: number): Set<number> {
  const next = new Set(folded);
  for (let at = lines[index]?.parent ?? -1; at >= 0; at = lines[at]?.parent ?? -1) next.delete(at);
  return next;
}

/** The whole text of the value on a line, as it came; of a string what it says. */
export function valueOn({ text, lines }: JsonLines, index: number): string {
  const line = lines[index];
  if (!line) return "";
  const raw = text.slice(line.start, line.end);
  return line.kind === "string" ? keyText(raw) : raw;
}

/** One line as text, indented by two. */
export function lineText({ text, lines }: JsonLines, index: number): string {
  const line = lines[index];
  if (!line) return "";
  const key = typeof line.step === "string" && line.kind !== "close" ? `${line.step}: ` : "";
  const value = line.kind === "open" ? text[line.start] : text.slice(line.start, line.end);
  return `${"  ".repeat(Math.min(line.depth, MAX_INDENT))}${key}${value}${line.hasComma ? "," : ""}`;
}

/** Deeper than this nothing moves further to the right. */
export const MAX_INDENT = 40;
