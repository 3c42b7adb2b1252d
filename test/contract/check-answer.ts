// What an answer must be, by the document alone, and what no answer may hold.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Answerable, OpenApi, Operation } from "./document.ts";
import { IDS } from "./pool.ts";
import type { SentCall, Team } from "./sent-call.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  tookMs: number;
}

export interface Secrets {
  /** What stands in every secret that was given. */
  canaries: readonly string[];
  /** What stands in every name that a team has made. */
  marks: Record<Team, string>;
  /** Ids that a team's answers have told, and that the other team was never given. */
  ids: Record<Team, ReadonlySet<string>>;
}

/** A call that waits is asked to wait for no time at all; to bring back seven hundred resources takes seconds, and some tens on a busy machine. */
const MOST_MS = 45_000;
const MOST_ERROR_LENGTH = 20_000;

/** Of our insides, in the words of an error. */
const INSIDES =
  /\bat [\w.<> ]+ \(?(?:file:|node:|\/)|node_modules|\.ts:\d+|prisma|\bselect\b.{1,200}\bfrom\b|\b(?:insert into|duplicate key|violates|relation ")|\bpg_|ECONNREFUSED|invalid input syntax|undefined is not|Cannot read prop|is not a function/i;

const OTHER: Record<Team, Team> = { ours: "theirs", theirs: "ours" };

type Check = (sent: SentCall, answer: Answer) => string[];

/** @returns what checks an answer; each violation is a sentence */
export function makeChecks(document: OpenApi, secrets: Secrets): Check {
  const validators = makeValidators(document);
  const documented = namesIn(document);
  return (sent, answer) => {
    const { operation } = sent;
    const answerable = operation?.answers.get(answer.status);
    return [
      ...(answer.status >= 500 ? [`It failed with ${answer.status}.`] : []),
      ...(operation && !answerable && !(answer.status === 431 && isTooLong(sent))
        ? [`The document does not list ${answer.status} for it.`]
        : []),
      ...(!operation && ![400, 401, 404, 405].includes(answer.status) && !isReference(sent, answer)
        ? [`A path that does not exist answered ${answer.status}.`]
        : []),
      ...(answerable ? checkForm(validators, answerable, answer) : []),
      ...(answer.status >= 400 && answer.status !== 431 ? checkError(documented, sent, answer) : []),
      ...checkSecrets(secrets, sent, answer),
      ...(answer.tookMs > MOST_MS ? [`It took ${Math.round(answer.tookMs)} ms.`] : []),
      ...checkAccepted(validators, sent, answer),
    ];
  };
}

/** Node answers for itself when target and headers together are longer than it reads. */
const isTooLong = ({ target, headers }: SentCall) => target.length + JSON.stringify(headers).length > 15 * 1024;

const isReference = ({ target }: SentCall, { status }: Answer) => target.startsWith("/v1/docs") && status < 400;

type Validators = ReturnType<typeof makeValidators>;

function makeValidators(document: OpenApi) {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  // Its pattern says the same.
  ajv.addFormat("base64", true);
  ajv.addSchema(document, "openapi.json");
  const made = new Map<string, ValidateFunction>();
  return (pointer: string): ValidateFunction => {
    const known = made.get(pointer);
    if (known) return known;
    const validator = ajv.compile({ $ref: `openapi.json${encodeURI(pointer)}` });
    made.set(pointer, validator);
    return validator;
  };
}

const wrongness = ({ errors }: ValidateFunction) => {
  const [first] = errors ?? [];
  return `${first?.instancePath || "/"} ${first?.message} ${JSON.stringify(first?.params)}`;
};

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function checkForm(validators: Validators, answerable: Answerable, { headers, text }: Answer): string[] {
  const missing = answerable.headers.filter((name) => headers[name] === undefined);
  const told = missing.map((name) => `Its header ${name} is missing.`);
  if (!answerable.isJson) return told;
  if (!String(headers["content-type"]).startsWith("application/json"))
    return [...told, `It is ${headers["content-type"]}.`];
  const read = parsed(text);
  if (!read) return [...told, "It is not JSON."];
  const validator = validators(answerable.pointer);
  return validator(read.json) ? told : [...told, `It is not as documented: ${wrongness(validator)}.`];
}

/** The names of all fields and parameters in the document. */
function namesIn(document: OpenApi): Set<string> {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value) for (const name of Object.keys(value.properties as object)) names.add(name);
    if ("name" in value && "in" in value) names.add(String(value.name));
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(document);
  return names;
}

function sentFields(sent: SentCall): Set<string> {
  const inBody = typeof sent.json === "object" && sent.json !== null ? Object.keys(sent.json) : [];
  const inQuery = [...new URLSearchParams(sent.target.split("?")[1] ?? "").keys()];
  const all = [...inBody, ...inQuery, ...inQuery.map((name) => name.replace(/\[.*$/s, ""))];
  // Long names of strangers are told shortened.
  return new Set(all.map((name) => name.slice(0, 64)));
}

const firstOf = (path: string) => /^[^.[]*/.exec(path)?.[0] ?? "";

function checkError(documented: ReadonlySet<string>, sent: SentCall, { status, text }: Answer): string[] {
  const read = parsed(text)?.json as
    | { error?: { message?: string; issues?: { path: string; message: string }[] } }
    | undefined;
  const { message = "", issues } = read?.error ?? {};
  const names = sentFields(sent);
  const isKnown = (name: string) => name === "" || documented.has(name) || names.has(name.slice(0, 64));
  // A body that was sent as it stands has names that nobody has counted.
  const isCounted = sent.json !== undefined || sent.body === null;
  const strangers = isCounted ? (issues ?? []).filter(({ path }) => !isKnown(path) && !isKnown(firstOf(path))) : [];
  return [
    ...(/\p{L}{2}/u.test(message) ? [] : ["Its error has no sentence."]),
    ...(text.length > MOST_ERROR_LENGTH ? [`Its error has ${text.length} characters.`] : []),
    ...(status === 422 && !issues?.length ? ["It is a 422 that names no field."] : []),
    ...(issues?.some((issue) => issue.message === "") ? ["It names a field without a word."] : []),
    ...strangers.map(({ path }) => `It names the field ${path}, which was neither sent nor documented.`),
    ...(tellsOfInsides(sent, text) ? ["Its error tells of our insides."] : []),
  ];
}

/** An error may quote what was sent. */
function tellsOfInsides({ target, body }: SentCall, text: string): boolean {
  const [found] = INSIDES.exec(text) ?? [];
  return found !== undefined && !`${safeDecode(target)} ${body?.toString() ?? ""}`.includes(found);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A gateway is the installation's. */
const isOfAll = (id: string) => id.startsWith("gtw_");

function checkSecrets({ canaries, marks, ids }: Secrets, { team, target, body }: SentCall, { text }: Answer): string[] {
  const sent = `${target} ${body?.toString() ?? ""}`;
  const foreign = [...new Set(text.match(IDS))].filter(
    (id) => ids[OTHER[team]].has(id) && !isOfAll(id) && !sent.includes(id),
  );
  return [
    ...canaries
      .filter((canary) => text.includes(canary))
      .map((canary) => `It holds a secret that was given, ${canary}.`),
    ...(text.includes(marks[OTHER[team]]) ? ["It holds a name of another team."] : []),
    ...foreign.slice(0, 3).map((id) => `It holds ${id}, which is another team's.`),
  ];
}

const COERCED: Record<string, (text: string) => unknown> = {
  integer: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined),
  array: (text) => text.split(","),
  boolean: (text) => (/^(?:true|false|1|0|yes|no|on|off|y|n|enabled|disabled)$/i.test(text) ? true : undefined),
};

/** The value with the text at `path` as what it stands for in a URL; undefined where it stands for nothing of that type. */
function asInUrl(value: unknown, path: readonly string[], type: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "string" ? COERCED[type]?.(value) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const inner = asInUrl((value as Record<string, unknown>)[name], rest, type);
  if (inner === undefined) return undefined;
  if (Array.isArray(value)) return value.with(Number(name), inner);
  return { ...value, [name]: inner };
}

const MOST_TEXTS = 20;

/** What the document forbids is not taken. It says itself that a body may write values as a URL does. */
function checkAccepted(validators: Validators, sent: SentCall, { status }: Answer): string[] {
  if (status >= 300 || !sent.operation?.body || sent.json === undefined) return [];
  const validator = validators(sent.operation.body.pointer);
  // As it was written down, with its numbers that no program holds.
  let body = parsed(sent.body?.toString() ?? "")?.json;
  for (let texts = 0; body !== undefined && texts < MOST_TEXTS; texts++) {
    if (validator(body)) return [];
    const [error] = validator.errors ?? [];
    const path = error?.instancePath.split("/").slice(1) ?? [];
    const next = asInUrl(body, path, String(error?.params.type));
    if (next === undefined) break;
    body = next;
  }
  return [`It took a body that the document forbids: ${wrongness(validator)}.`];
}

/** Whether an operation's success was documented and seen. */
export const isSuccess = (operation: Operation | null, { status }: Answer): boolean => operation?.success === status;
