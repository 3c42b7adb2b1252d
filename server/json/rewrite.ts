// Rewrites a JSON text where its value was changed and leaves it as it stands everywhere else. Spelling of numbers and
// strings, white space, order of keys and repeated keys mean nothing to a parser, but some receivers sign or compare them.
import { type Alignment, findChanges } from "./changes.ts";
import { endOfString, endOfValue, pastSpace } from "./scan.ts";
import { pathStep } from "./show.ts";
import { isObject, isSameScalar, type Json, type JsonObject } from "./value.ts";

export interface Rewritten {
  text: string;
  /** The parts that could not stay as they stood although their value did not change; a sentence each. */
  notes: string[];
}

/** Every level of a changed object reads its members' text once more, so nesting could make this expensive. */
const READS = 16;
const MAX_NOTES = 20;

/**
 * @param source a JSON text whose value is `before`
 * @param after what it is to hold; nests at most some hundred levels
 */
export function rewriteJson(source: string, before: Json, after: Json): Rewritten {
  const run: Run = { source, changes: findChanges(before, after), left: READS * (source.length + 1024), notes: [] };
  const start = pastSpace(source, 0);
  const text = isSame(run, before, after) ? source : valueText(run, start, before, after, "body");
  if (run.left >= 0) return { text, notes: run.notes };
  return { text: JSON.stringify(after), notes: ["The body was written anew as a whole: it is nested too deeply."] };
}

interface Run {
  source: string;
  changes: Map<Json, Alignment | null>;
  /** Characters that may still be read. */
  left: number;
  notes: string[];
}

/** Scalars are compared where they stand; of lists and objects those that differ are known. */
function isSame({ changes }: Run, before: Json, after: Json): boolean {
  return !changes.has(before) && areAlike(before, after);
}

function areAlike(before: Json, after: Json): boolean {
  if (Array.isArray(before)) return Array.isArray(after);
  if (isObject(before)) return isObject(after);
  return isSameScalar(before, after);
}

/** The text of `after`, whose counterpart `before` begins at `at`. */
function valueText(run: Run, at: number, before: Json, after: Json, path: string): string {
  if (run.left < 0) return "";
  if (Array.isArray(before) && Array.isArray(after)) return listText(run, at, before, after, path);
  if (isObject(before) && isObject(after)) return objectText(run, at, before, after, path);
  return JSON.stringify(after);
}

function listText(run: Run, at: number, before: Json[], after: Json[], path: string): string {
  const starts = readList(run, at);
  const origins = run.changes.get(before)?.origins ?? [];
  const elements = after.map((element, index) => {
    const origin = origins[index] ?? -1;
    const old = before[origin];
    const span = starts[origin];
    if (old === undefined || span === undefined) return JSON.stringify(element);
    if (isSame(run, old, element)) return run.source.slice(span.start, span.end);
    return valueText(run, span.start, old, element, `${path}[${index}]`);
  });
  return `[${elements.join(",")}]`;
}

interface Span {
  start: number;
  end: number;
}

interface Member {
  key: string;
  keyStart: number;
  value: Span;
}

function objectText(run: Run, at: number, before: JsonObject, after: JsonObject, path: string): string {
  const members = readObject(run, at);
  const last = new Map(members.map((member, index) => [member.key, index]));
  const isKept = (key: string) => Object.hasOwn(after, key);
  const textOf = (member: Member) => {
    const [old, now] = [before[member.key] ?? null, after[member.key] ?? null];
    if (isSame(run, old, now)) return run.source.slice(member.keyStart, member.value.end);
    const key = run.source.slice(member.keyStart, member.value.start);
    return key + valueText(run, member.value.start, old, now, path + pathStep(member.key));
  };
  // In the order of the text: one entry for each key, with what stood doubled before it.
  const old: { key: string; text: string }[] = [];
  let doubled = "";
  for (const [index, member] of members.entries()) {
    if (!isKept(member.key)) continue;
    const isSettled = isSame(run, before[member.key] ?? null, after[member.key] ?? null);
    if (last.get(member.key) !== index) {
      if (isSettled) doubled += `${run.source.slice(member.keyStart, member.value.end)},`;
      else note(run, `${path + pathStep(member.key)} stood more than once and was changed: it stands once now.`);
      continue;
    }
    old.push({ key: member.key, text: doubled + textOf(member) });
    doubled = "";
  }
  return `{${inOrder(run, old, before, after, path).join(",")}}`;
}

/**
 * New members stand where the code put them among the old ones, which keep the order of the text as long as the code kept
 * theirs. (An object of JavaScript has keys such as "7" first, whatever the text says.)
 */
function inOrder(
  run: Run,
  old: { key: string; text: string }[],
  before: JsonObject,
  after: JsonObject,
  path: string,
): string[] {
  const keys = Object.keys(after);
  const kept = keys.filter((key) => Object.hasOwn(before, key));
  const asParsed = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  const isOrderKept = kept.every((key, index) => key === asParsed[index]);
  if (!isOrderKept && old.some(({ key }, index) => key !== asParsed[index])) {
    note(run, `The members of ${path} stand in another order: the code put them in one of its own.`);
  }
  const texts = new Map(old.map(({ key, text }) => [key, text]));
  let next = 0;
  return keys.map((key) => {
    if (!Object.hasOwn(before, key)) return `${JSON.stringify(key)}:${JSON.stringify(after[key])}`;
    return (isOrderKept ? old[next++]?.text : texts.get(key)) ?? "";
  });
}

function note(run: Run, sentence: string): void {
  if (run.notes.length < MAX_NOTES && !run.notes.includes(sentence)) run.notes.push(sentence);
}

function readList(run: Run, open: number): Span[] {
  const spans: Span[] = [];
  let at = pastSpace(run.source, open + 1);
  while (run.left >= 0 && run.source[at] !== "]") {
    const end = endOfValue(run.source, at);
    run.left -= end - at;
    spans.push({ start: at, end });
    at = pastSpace(run.source, end);
    if (run.source[at] === ",") at = pastSpace(run.source, at + 1);
  }
  return spans;
}

function readObject(run: Run, open: number): Member[] {
  const members: Member[] = [];
  let at = pastSpace(run.source, open + 1);
  while (run.left >= 0 && run.source[at] === '"') {
    const keyStart = at;
    const keyEnd = endOfString(run.source, at) + 1;
    const start = pastSpace(run.source, pastSpace(run.source, keyEnd) + 1);
    const end = endOfValue(run.source, start);
    run.left -= end - at;
    members.push({ key: JSON.parse(run.source.slice(keyStart, keyEnd)), keyStart, value: { start, end } });
    at = pastSpace(run.source, end);
    if (run.source[at] === ",") at = pastSpace(run.source, at + 1);
  }
  return members;
}
