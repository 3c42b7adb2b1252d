// Suggestions at the caret in the code of a transformation, known from a real request. Pure.
import { jsonText } from "#server/json/show.ts";
import { isNumber, isObject, type Json, type JsonObject, own } from "#server/json/value.ts";

export interface Suggestion {
  label: string;
  kind: "obj" | "list" | "str" | "num" | "bool" | "null" | "fn";
  detail: string;
}

export interface Suggestions {
  /** How many characters before the caret the word has that they complete. */
  typed: number;
  /** `member`: behind a dot. `key`: inside the quotes of brackets. `name`: a word of its own. */
  place: "member" | "key" | "name";
  options: Suggestion[];
}

/** What is known: the request as the code sees it, and the names in `context.env`. */
export interface Known {
  request: Json;
  envNames: readonly string[];
}

/** More of the code before the caret is no expression that anybody reads. */
const MAX_CHARS = 400;
/** A name may come from another name, and so on. */
const MAX_HOPS = 8;
const MAX_OPTIONS = 200;
const SHOWN_CHARS = 28;

const NAME = "[A-Za-z_$][\\w$]*";
const STEP = `(?:\\??\\.${NAME}|(?:\\?\\.)?\\[(?:\\d{1,9}|"[^"\\n]{0,100}"|'[^'\\n]{0,100}')\\])`;
const PATH = `(?<![\\w$.])${NAME}${STEP}*`;
const MEMBER = new RegExp(`(${PATH})\\??\\.([\\w$]*)$`);
const KEY = new RegExp(`(${PATH})(?:\\?\\.)?\\[(["'])([^"'\\n]*)$`);
const WORD = new RegExp(`(?<![\\w$.])${NAME}$`);

const fn = (label: string, detail: string): Suggestion => ({ label, kind: "fn", detail });

const OF_CONSOLE = ["log", "info", "warn", "error", "debug"].map((label) => fn(label, "shown below"));
const OF_LISTS = [
  fn("map", "each becomes another"),
  fn("filter", "those that fit"),
  fn("find", "the first that fits"),
  fn("some", "whether one fits"),
  fn("every", "whether all fit"),
  fn("forEach", "each in turn"),
  fn("join", "one text"),
];
const OF_TEXTS = ["toUpperCase", "toLowerCase", "trim", "split", "slice", "includes", "startsWith", "replace"].map(
  (label) => fn(label, "text"),
);
/** In the order in which they are asked for most. */
const OF_REQUEST: Record<string, string> = {
  body: "parsed JSON",
  headers: "lower-case names",
  query: "of the URL",
  path: "",
  method: "",
  created_at: "when it came",
};
const NAMES: Suggestion[] = [
  { label: "request", kind: "obj", detail: "what came in" },
  { label: "context", kind: "obj", detail: "env" },
  { label: "console", kind: "obj", detail: "shown below" },
  fn("addHandler", '("transform", (request, context) => …)'),
  ...["URL", "URLSearchParams", "TextEncoder", "atob", "btoa", "structuredClone", "crypto"].map((label) =>
    fn(label, "web standard"),
  ),
];

/** The steps of `request.body["a b"]?.list[0]`. */
function stepsOf(path: string): string[] {
  const steps = path.matchAll(new RegExp(`${NAME}|\\[(\\d+)\\]|\\["([^"\\n]*)"\\]|\\['([^'\\n]*)'\\]`, "g"));
  return [...steps].map(([whole, index, double, single]) => index ?? double ?? single ?? whole);
}

const DECLARED = new RegExp(
  `\\b(?:const|let|var)\\s+(?:(${NAME})|\\{([^{}=]{0,400})\\})\\s*=\\s*(${PATH})\\s*(?:;|\\n|$)`,
  "g",
);
const EACH = new RegExp(
  `(${PATH})\\??\\.(?:map|filter|find|some|every|forEach|flatMap)\\(\\s*\\(?\\s*(${NAME})\\s*[,)=]`,
  "g",
);
const HANDLER = new RegExp(
  `addHandler\\(\\s*["']transform["']\\s*,\\s*(?:async\\s*)?(?:function\\s*)?\\(?\\s*(${NAME})\\s*(?:,\\s*(${NAME}))?`,
);

/** Where the names of the code come from: `{ object }` out of `request.body.data` is `request.body.data.object`. */
function originsIn(code: string): Map<string, string[]> {
  const origins = new Map<string, string[]>();
  for (const [, name, members, path = ""] of code.matchAll(DECLARED)) {
    if (name !== undefined) origins.set(name, stepsOf(path));
    for (const member of members?.split(",") ?? []) {
      const [from = "", to = from] = member.split(":").map((part) => part.trim());
      if (from !== "" && !from.startsWith("...")) origins.set(to, [...stepsOf(path), from]);
    }
  }
  for (const [, path = "", name = ""] of code.matchAll(EACH)) origins.set(name, [...stepsOf(path), "0"]);
  const [, request, context] = HANDLER.exec(code) ?? [];
  if (request !== undefined && request !== "request") origins.set(request, ["request"]);
  if (context !== undefined && context !== "context") origins.set(context, ["context"]);
  return origins;
}

function rooted(steps: string[], origins: Map<string, string[]>): string[] {
  let [root = "", ...rest] = steps;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const origin = root === "request" || root === "context" ? undefined : origins.get(root);
    if (origin === undefined) break;
    const [next = "", ...more] = origin;
    [root, rest] = [next, [...more, ...rest]];
  }
  return [root, ...rest];
}

function valueAt(value: Json | undefined, steps: readonly string[]): Json | undefined {
  let at = value;
  for (const step of steps) at = Array.isArray(at) ? at[Number(step)] : own(at, step);
  return at;
}

function kindOf(value: Json | undefined): Suggestion["kind"] {
  if (Array.isArray(value)) return "list";
  if (isObject(value)) return "obj";
  if (typeof value === "string") return "str";
  if (isNumber(value)) return "num";
  return typeof value === "boolean" ? "bool" : "null";
}

function detailOf(value: Json | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? "item" : "items"}`;
  if (!isObject(value)) return jsonText(value, SHOWN_CHARS);
  const size = Object.keys(value).length;
  return `${size} ${size === 1 ? "key" : "keys"}`;
}

const placeOf = (part: string) => Object.keys(OF_REQUEST).indexOf(part) + 1 || Number.POSITIVE_INFINITY;

const entriesOf = (value: JsonObject, isRequest: boolean) =>
  isRequest ? Object.entries(value).sort(([a], [b]) => placeOf(a) - placeOf(b)) : Object.entries(value);

function membersOf([root, ...steps]: string[], { request, envNames }: Known): Suggestion[] {
  if (root === "console") return steps.length === 0 ? OF_CONSOLE : [];
  if (root === "context") {
    if (steps.length === 0) return [{ label: "env", kind: "obj", detail: "values of this transformation" }];
    if (steps.length > 1 || steps[0] !== "env") return [];
    return envNames.map((label) => ({ label, kind: "str", detail: "secret" }));
  }
  if (root !== "request") return [];
  const value = valueAt(request, steps);
  if (Array.isArray(value)) return [{ label: "length", kind: "num", detail: String(value.length) }, ...OF_LISTS];
  if (typeof value === "string") return [{ label: "length", kind: "num", detail: String(value.length) }, ...OF_TEXTS];
  if (!isObject(value)) return [];
  return entriesOf(value, steps.length === 0)
    .slice(0, MAX_OPTIONS)
    .map(([label, inner]) => ({
      label,
      kind: kindOf(inner),
      detail: (steps.length === 0 && OF_REQUEST[label]) || detailOf(inner),
    }));
}

/** What can stand at the end of `before`, of which `code` is the whole; null where nothing is known of the place. */
export function suggestAt(before: string, code: string, known: Known): Suggestions | null {
  const near = before.slice(-MAX_CHARS);
  const inside = (path: string) => membersOf(rooted(stepsOf(path), originsIn(code)), known);
  const [, keyed, , partKey] = KEY.exec(near) ?? [];
  if (keyed !== undefined && partKey !== undefined) {
    const options = inside(keyed).filter(({ kind }) => kind !== "fn");
    return options.length > 0 ? { typed: partKey.length, place: "key", options } : null;
  }
  const [, path, part] = MEMBER.exec(near) ?? [];
  if (path !== undefined && part !== undefined) {
    const options = inside(path);
    return options.length > 0 ? { typed: part.length, place: "member", options } : null;
  }
  const word = WORD.exec(near)?.[0];
  return word === undefined ? null : { typed: word.length, place: "name", options: NAMES };
}

/** Whether a key can stand behind a dot. */
export const isName = (key: string): boolean => new RegExp(`^${NAME}$`).test(key);
