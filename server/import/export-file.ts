// A file of another system, value by value: each knows its line and its path, and what is wrong with it is noted there.
import { jsonMistake } from "#server/json/error-place.ts";
import { parseJson } from "#server/json/parse.ts";
import { endOfString, endOfValue, pastSpace } from "#server/json/scan.ts";
import { pathStep } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";

/** What one file may hold. */
const LIMITS = { chars: 16 * 1024 * 1024, values: 400_000, depth: 64 };
type Limits = typeof LIMITS;

/** What is wrong in a file, or what of it is not carried over. */
export interface Remark {
  file: string;
  line: number | null;
  path: string;
  message: string;
}

type Kind = "object" | "list" | "text" | "number" | "boolean" | "null" | "absent";
const WORDS: Record<Kind, string> = {
  object: "an object",
  list: "a list",
  text: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
  absent: "nothing",
};

/** The text that all values of a file are read from. */
export class ExportText {
  readonly name: string;
  readonly text: string;
  readonly problems: Remark[];
  readonly #limits: Limits;
  #values = 0;
  /** Where each line begins. */
  readonly #lines: number[] = [0];

  /** @param problems takes what is wrong with the values, as they are read */
  constructor(name: string, text: string, problems: Remark[], limits: Limits) {
    this.name = name;
    this.#limits = limits;
    this.text = text;
    this.problems = problems;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#lines.push(at + 1);
  }

  lineAt(offset: number): number {
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** Counts one more value. False when it is one too many, or too deep. */
  takes(depth: number): boolean {
    this.#values += 1;
    return this.#values <= this.#limits.values && depth <= this.#limits.depth;
  }
}

interface Place {
  parent: ExportNode | null;
  /** A key, or the place in a list. */
  step: string | number;
  start: number;
  end: number;
}

/** One value of a file. What is not there is a node as well, so that it can be asked on. */
export class ExportNode {
  readonly file: ExportText;
  readonly kind: Kind;
  readonly members = new Map<string, ExportNode>();
  readonly items: ExportNode[] = [];
  readonly #place: Place;
  readonly #read = new Set<string>();

  constructor(file: ExportText, kind: Kind, place: Place) {
    this.file = file;
    this.kind = kind;
    this.#place = place;
  }

  get path(): string {
    const { parent, step } = this.#place;
    if (!parent) return "";
    const before = parent.path;
    const own = typeof step === "number" ? `[${step}]` : pathStep(step);
    return before === "" ? own.replace(/^\./, "") : before + own;
  }

  /** From 1. */
  get line(): number {
    return this.file.lineAt(this.#place.start);
  }

  /** Behind its last character. */
  get end(): number {
    return this.#place.end;
  }

  /** Says where an object or a list ends, which is known when its last value has been read. */
  close(end: number): void {
    this.#place.end = end;
  }

  get isSet(): boolean {
    return this.kind !== "absent" && this.kind !== "null";
  }

  /** A remark at this place. */
  remark(message: string): Remark {
    return { file: this.file.name, line: this.line, path: this.path, message };
  }

  problem(message: string): void {
    this.file.problems.push(this.remark(message));
  }

  at(key: string): ExportNode {
    this.#read.add(key);
    const { start } = this.#place;
    return this.members.get(key) ?? new ExportNode(this.file, "absent", { parent: this, step: key, start, end: start });
  }

  /** The value itself. Numbers keep their digits. */
  json(): Json {
    return this.isSet ? parseJson(this.file.text.slice(this.#place.start, this.#place.end)) : null;
  }

  #is(kind: Kind): boolean {
    if (this.kind === kind) return true;
    if (this.isSet) this.problem(`Here stands ${WORDS[this.kind]}: give ${WORDS[kind]}, as the API answers.`);
    return false;
  }

  /** Null where it is left out, null or empty. Another kind of value is a problem. */
  text(): string | null {
    return this.#is("text") ? (this.json() as string) || null : null;
  }

  number(): number | null {
    return this.#is("number") ? Number(this.json()) : null;
  }

  truth(): boolean {
    return this.#is("boolean") && this.json() === true;
  }

  /** Its elements; none where it is left out. */
  list(): ExportNode[] {
    return this.#is("list") ? this.items : [];
  }

  texts(): string[] {
    return this.list().flatMap((each) => each.text() ?? []);
  }

  /** A member that is an object where it is there. Another kind of value is a problem. */
  part(key: string): ExportNode {
    const node = this.at(key);
    node.#is("object");
    return node;
  }

  /** Members that hold something and that nobody has asked for. */
  unread(irrelevant: ReadonlySet<string>): ExportNode[] {
    return [...this.members]
      .filter(([key, node]) => !this.#read.has(key) && !irrelevant.has(key) && node.#holdsSomething)
      .map(([, node]) => node);
  }

  get #holdsSomething(): boolean {
    if (this.kind === "object") return this.members.size > 0;
    if (this.kind === "list") return this.items.length > 0;
    return this.isSet && this.json() !== false && this.json() !== "";
  }
}

class TooMuch extends Error {}

const KINDS: Record<string, Kind> = { "{": "object", "[": "list", '"': "text", t: "boolean", f: "boolean", n: "null" };

/** Reads a value of a text that is JSON. */
function readValue(file: ExportText, start: number, parent: ExportNode | null, step: string | number, depth: number) {
  const { text } = file;
  if (!file.takes(depth)) throw new TooMuch();
  const node = new ExportNode(file, KINDS[text[start] ?? ""] ?? "number", { parent, step, start, end: start });
  if (node.kind !== "object" && node.kind !== "list") {
    node.close(endOfValue(text, start));
    return node;
  }
  let at = pastSpace(text, start + 1);
  while (text[at] !== "}" && text[at] !== "]") {
    let key: string | number = node.items.length;
    if (node.kind === "object") {
      const keyEnd = endOfString(text, at) + 1;
      key = JSON.parse(text.slice(at, keyEnd)) as string;
      at = pastSpace(text, pastSpace(text, keyEnd) + 1);
    }
    const child = readValue(file, at, node, key, depth + 1);
    if (typeof key === "number") node.items.push(child);
    else {
      if (node.members.has(key)) child.problem("This name stands twice in its object: remove one of the two.");
      if (key === "__proto__") child.problem("Leave out the key __proto__: it cannot be stored.");
      node.members.set(key, child);
    }
    at = pastSpace(text, child.end);
    if (text[at] === ",") at = pastSpace(text, at + 1);
  }
  node.close(at + 1);
  return node;
}

/** The outermost value of a file; null where it cannot be read, which `problems` then says. */
export function readExportFile(
  name: string,
  whole: string,
  problems: Remark[],
  limits: Limits = LIMITS,
): ExportNode | null {
  const refuse = (message: string, line: number | null = null) => {
    problems.push({ file: name, line, path: "", message });
    return null;
  };
  if (whole.length > limits.chars)
    return refuse(`The file has ${whole.length} characters: part it, at most ${limits.chars} are read.`);
  const text = whole.replace(/^\ufeff/, "");
  const mistake = jsonMistake(text);
  if (mistake) return refuse(`This is no JSON: ${mistake.problem} at column ${mistake.column}.`, mistake.line);
  try {
    return readValue(new ExportText(name, text, problems, limits), pastSpace(text, 0), null, "", 0);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return refuse(`The file has more than ${limits.values} values, or nests deeper than ${limits.depth}: part it.`);
  }
}
