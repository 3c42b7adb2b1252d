// The documents of a YAML text as plain values, with the place of each. Pure; it may take long, so it runs on a thread of its own.
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Scalar,
} from "yaml";
import type { FlowProblem } from "#server/contracts/flow.ts";
import { ExactNumber, isHeldByDouble } from "#server/json/exact-number.ts";
import { storageRemedy } from "#server/json/storable.ts";

export type Place = [line: number, column: number];
export interface YamlDocument {
  /** As JSON text: numbers that no double holds keep their digits in it. */
  json: string;
  /** By path, such as `spec.destinations[1].name`. */
  places: Map<string, Place>;
  text: string;
}
export interface YamlReading {
  documents: YamlDocument[];
  problems: FlowProblem[];
}
export interface YamlLimits {
  documents: number;
  values: number;
  depth: number;
  /** Of all texts and of the paths to all values, each time that an alias repeats them: the answer holds them all. */
  chars: number;
}

type Plain = null | boolean | string | number | ExactNumber | Plain[] | { [key: string]: Plain };

/** Stops the reading: what follows would only repeat it. */
class Refused extends Error {
  readonly node: unknown;
  readonly path: string;
  constructor(node: unknown, path: string, message: string) {
    super(message);
    this.node = node;
    this.path = path;
  }
}

const MAX_PROBLEMS = 20;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The remedies for what is written wrong most often; the others keep the parser's own words. */
const REMEDIES: Record<string, string> = {
  TAB_AS_INDENT: "Indent with blanks: YAML knows no tabs there.",
  BAD_INDENT: "This is not indented as its neighbours are: line it up with them.",
  MULTIPLE_DOCS: "Part documents with a line of --- alone.",
  RESOURCE_EXHAUSTION: "This is nested too deeply: nest less.",
  TAG_RESOLVE_FAILED: "Leave the tag out: values are texts, numbers, true, false, null, lists and maps.",
};

/** @returns the documents that are not empty, or what is wrong with the text */
export function readYamlValues(text: string, limits: YamlLimits): YamlReading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    // They are looked for in `walk`: the parser compares each key with each.
    uniqueKeys: false,
    logLevel: "silent",
  });
  const placeOf = (node: unknown): Place | undefined => {
    const start = (node as { range?: [number, number, number] | null } | null)?.range?.[0];
    if (start === undefined) return undefined;
    const { line, col } = lines.linePos(start);
    return [line, col];
  };
  const problems: FlowProblem[] = [];
  const tell = (place: Place | undefined, path: string, message: string) => {
    if (problems.length < MAX_PROBLEMS)
      problems.push({ line: place?.[0] ?? null, column: place?.[1] ?? null, path, message });
  };
  if (!Array.isArray(documents)) return { documents: [], problems };
  if (documents.length > limits.documents) {
    tell(undefined, "", `These are ${documents.length} documents: send at most ${limits.documents} at a time.`);
    return { documents: [], problems };
  }
  const walking = new Walk(limits, placeOf);
  const read: YamlDocument[] = [];
  let end = 0;
  for (const document of documents) {
    const from = end;
    end = document.range[2];
    for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
      const { line, col } = lines.linePos(pos[0]);
      tell([line, col], "", REMEDIES[code] ?? sentenceOf(message));
    }
    if (problems.length > 0 || document.contents === null) continue;
    try {
      const places = new Map<string, Place>();
      const value = walking.document(document, places);
      if (value !== null) read.push({ json: JSON.stringify(value), places, text: ownText(text.slice(from, end)) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(placeOf(error.node), error.path, error.message);
    }
  }
  return { documents: problems.length > 0 ? [] : read, problems };
}

const sentenceOf = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`);

/** The text of one document, without the marks that part it from others. */
const ownText = (text: string) => `${text.replace(/^(?:\s*---[ \t]*\n)+|\n\.\.\.\s*$/g, "").trim()}\n`;

/** One walk over all documents of a text: what an alias repeats counts again. */
class Walk {
  #left: number;
  #charsLeft: number;
  #limits: YamlLimits;
  #placeOf: (node: unknown) => Place | undefined;
  #anchors = new Map<string, unknown>();
  #places = new Map<string, Place>();
  /** The alias whose anchor is walked: the anchor itself stands elsewhere, and may be right. */
  #alias: unknown;

  constructor(limits: YamlLimits, placeOf: (node: unknown) => Place | undefined) {
    this.#left = limits.values;
    this.#charsLeft = limits.chars;
    this.#limits = limits;
    this.#placeOf = placeOf;
  }

  document(document: Document.Parsed, places: Map<string, Place>): Plain {
    this.#anchors = new Map();
    this.#places = places;
    return this.#value(document.contents, "", 0);
  }

  #value(node: unknown, path: string, depth: number): Plain {
    this.#left -= 1;
    if (this.#left < 0) {
      const message = `The file has more than ${this.#limits.values} values, with those that aliases repeat: part it.`;
      throw new Refused(this.#alias ?? node, path, message);
    }
    this.#charsLeft -= path.length + textOf(node).length;
    if (this.#charsLeft < 0) {
      const message = "The file is too long with all that aliases repeat and all names around a value: part it.";
      throw new Refused(this.#alias ?? node, path, message);
    }
    if (depth > this.#limits.depth)
      throw new Refused(this.#alias ?? node, path, `Nest at most ${this.#limits.depth} levels deep.`);
    const place = this.#placeOf(node);
    if (place) this.#places.set(path, place);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) throw new Refused(node, path, `There is no anchor &${node.source} before this alias.`);
      const outer = this.#alias;
      this.#alias ??= node;
      const value = this.#value(target, path, depth + 1);
      this.#alias = outer;
      return value;
    }
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    if (isMap(node)) return this.#map(node.items, path, depth);
    if (isSeq(node)) return node.items.map((item, index) => this.#value(item, `${path}[${index}]`, depth + 1));
    if (isScalar(node)) return scalarOf(node, path);
    return null;
  }

  #map(items: unknown[], path: string, depth: number): Plain {
    const seen = new Set<string>();
    const entries = items.filter(isPair).map(({ key, value }) => {
      if (!isScalar(key)) throw new Refused(key, path, "A key is a text: write lists and maps as values.");
      const name = String(key.source ?? key.value);
      const at = path === "" ? name : `${path}.${name}`;
      if (seen.has(name)) throw new Refused(key, at, `The key ${name} stands here twice: leave one of the two out.`);
      if (name === "__proto__") throw new Refused(key, at, "Leave out the key __proto__: it cannot be stored.");
      const remedy = storageRemedy(name);
      if (remedy !== null) throw new Refused(key, path, remedy);
      seen.add(name);
      const read = this.#value(value, at, depth + 1);
      // A reader looks for a field at its name; an empty value has no place of its own.
      const place = this.#placeOf(key);
      if (place) this.#places.set(at, place);
      return [name, read] as const;
    });
    return Object.fromEntries(entries);
  }
}

const textOf = (node: unknown): string => (isScalar(node) && typeof node.value === "string" ? node.value : "");

function scalarOf(node: Scalar, path: string): Plain {
  const { value, source } = node;
  const remedy = storageRemedy(textOf(node));
  if (remedy !== null) throw new Refused(node, path, remedy);
  if (typeof value === "string" || typeof value === "boolean" || value === null || value === undefined)
    return value ?? null;
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new Refused(node, path, REMEDIES.TAG_RESOLVE_FAILED ?? "");
  const written = source ?? String(value);
  if (!JSON_NUMBER.test(written)) {
    const message = `Write the number ${written.slice(0, 40)} in decimal digits, such as 12 or 0.5, or in quotes where it is a text.`;
    throw new Refused(node, path, message);
  }
  return isHeldByDouble(written) ? Number(written) : new ExactNumber(written);
}
