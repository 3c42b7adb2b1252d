// Deduplicate sees the raw request: two requests on one connection are copies when their keys are equal. The key covers
// the included fields, or the payload (body, query and path) without the excluded ones. Headers count only where they are
// included by name, because every delivery of a provider carries its own timestamp, signature and trace header.
import { createHash, type Hash } from "node:crypto";
import type { DeduplicateRule } from "#server/contracts/rule.ts";
import { ExactNumber } from "#server/json/exact-number.ts";
import type { Work } from "#server/json/value.ts";
import { fullWork } from "./budget.ts";
import {
  type Found,
  indexOf,
  isAbsent,
  type ParsedPath,
  parseFieldPath,
  readField,
  type Segment,
} from "./field-path.ts";
import type { RuleRequest } from "./rule-request.ts";

/**
 * SHA-256, in hex, over the canonical form of the fields that the rule looks at. Null where it looks at nothing: a request
 * that has none of the included fields is equal to no other. One that lacks some has the absence of these in its key.
 *
 * @param work below zero afterwards, there was too much to do and the key is none
 */
export function dedupeKey(rule: DeduplicateRule, request: RuleRequest, work: Work = fullWork()): string | null {
  const hash = createHash("sha256");
  let isEmpty = true;
  if (rule.include_fields) {
    for (const text of [...new Set(rule.include_fields)].sort()) {
      const path = parseFieldPath(text);
      hash.update(`${text.length}:${text}=`);
      if (text === "body") {
        hashBody(hash, request, [], work);
        isEmpty &&= request.raw_body === undefined && request.body === undefined;
      } else {
        const found = readField(request, path);
        hashCanonical(hash, found, [], work);
        isEmpty &&= isAbsent(found, path);
      }
    }
    return isEmpty ? null : hash.digest("hex");
  }
  const excluded = (rule.exclude_fields ?? []).map(parseFieldPath);
  for (const part of ["body", "query", "path"] as const) {
    const holes = holesIn(part, excluded);
    if (holes.some((hole) => hole.length === 0)) continue;
    isEmpty = false;
    hash.update(`${part}=`);
    if (part === "body") hashBody(hash, request, holes, work);
    else hashCanonical(hash, request[part], holes, work);
  }
  return isEmpty ? null : hash.digest("hex");
}

/** SHA-256, in hex, over the canonical form of a value. @param work below zero afterwards, the value was too large */
export function canonicalHash(value: Found, work: Work): string {
  const hash = createHash("sha256");
  hashCanonical(hash, value, [], work);
  return hash.digest("hex");
}

const holesIn = (part: string, paths: ParsedPath[]) =>
  paths.filter((path) => path.part === part).map((path) => path.segments);

function hashBody(hash: Hash, request: RuleRequest, holes: Segment[][], work: Work): void {
  if (request.raw_body) hash.update(`bytes ${request.raw_body.byteLength}:`).update(request.raw_body);
  else hashCanonical(hash, request.body, holes, work);
}

/** A list that is gone through: its members are not put on the stack at once, for there may be millions. */
interface OpenList {
  list: Found[];
  at: number;
  holes: Segment[][];
}

/** Comparisons of two keys. */
const SORTED_PER_STEP = 4;
const CHARACTERS_PER_STEP = 64;
// One call into the hash per value costs more than the hashing.
const CHUNK = 16_384;

/**
 * Feeds JSON with sorted keys, leaving out what a hole leads to. Types stay apart (`1`, `"1"`), and so do a missing
 * value, null and a list element that was left out. A stack of its own, because the nesting is the sender's.
 */
function hashCanonical(hash: Hash, root: Found, holes: Segment[][], work: Work): void {
  const todo: (string | { value: Found; holes: Segment[][] } | OpenList)[] = [{ value: root, holes }];
  let text = "";
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    if (work.left < 0) return;
    if (text.length > CHUNK) {
      hash.update(text);
      text = "";
    }
    if (typeof item === "string") {
      text += item;
    } else if ("list" in item) {
      const { list, at } = item;
      if (at === list.length) text += "]";
      else {
        item.at += 1;
        const inner = descend(item.holes, (segment) => segment.kind === "every" || indexOf(segment) === at);
        todo.push(item, ",", inner ? { value: list[at], holes: inner } : "-");
      }
    } else if (isScalar(item.value)) {
      const scalar = scalarText(item.value);
      work.left -= scalar.length / CHARACTERS_PER_STEP;
      text += scalar;
    } else if (Array.isArray(item.value)) {
      work.left -= item.value.length * (1 + item.holes.length);
      text += "[";
      todo.push({ list: item.value, at: 0, holes: item.holes });
    } else {
      const keys = Object.keys(item.value);
      work.left -= keys.length * (1 + item.holes.length + Math.log2(keys.length + 1) / SORTED_PER_STEP);
      if (work.left < 0) return;
      text += "{";
      todo.push("}");
      for (const key of keys.sort().reverse()) {
        const inner = descend(item.holes, (segment) => segment.kind === "key" && segment.key === key);
        if (inner) todo.push(",", { value: item.value[key], holes: inner }, `${JSON.stringify(key)}:`);
      }
    }
  }
  hash.update(text);
}

/** The holes that go on below a member, or null when one of them ends here: the member itself is left out. */
function descend(holes: Segment[][], leadsTo: (segment: Segment) => boolean): Segment[][] | null {
  if (holes.length === 0) return holes;
  const inner: Segment[][] = [];
  for (const [first, ...rest] of holes) {
    if (first === undefined || !leadsTo(first)) continue;
    if (rest.length === 0) return null;
    inner.push(rest);
  }
  return inner;
}

type Scalar = string | number | boolean | null | undefined | ExactNumber;

const isScalar = (value: Found): value is Scalar =>
  typeof value !== "object" || value === null || value instanceof ExactNumber;

/** Numbers are equal by value, however they were written. */
function scalarText(value: Scalar): string {
  if (value === undefined) return "missing";
  if (value instanceof ExactNumber) return value.decimal.canonical;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
