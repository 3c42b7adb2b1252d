// The rules of a connection of Hookdeck or FastHook. Ours have the same names, and one order.
import type { Json } from "#server/json/value.ts";
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { lowerKeys, readClause } from "./filter-clauses.ts";
import { durationOf } from "./limits.ts";

export interface ReadRules {
  fields: FlowFields;
  /** The key of a transformation. */
  transform: string | null;
  /** What is not carried over would let more through, or something else. */
  isDisabled: boolean;
}

const DISABLED = "The connection comes disabled.";
const PARTS = ["body", "headers", "query", "path"] as const;
const NO_FIELDS: ReadonlySet<string> = new Set(["type"]);

/** @param transformationOf finds the key of a transformation that a rule names or holds; null where its code is not there */
export function readRules(
  draft: Draft,
  rules: readonly ExportNode[],
  transformationOf: (rule: ExportNode) => string | null,
): ReadRules {
  const read: ReadRules = { fields: {}, transform: null, isDisabled: false };
  const disable = (at: ExportNode, message: string) => {
    draft.note("left", at, `${message} ${DISABLED}`);
    read.isDisabled = true;
  };
  const filters: { rule: ExportNode; clauses: FlowFields }[] = [];
  for (const rule of rules) {
    const type = rule.at("type").text();
    if (type === "retry") read.fields.retry = readRetry(draft, rule);
    else if (type === "delay") read.fields.delay = durationOf(rule.at("delay").number() ?? 0);
    else if (type === "deduplicate") read.fields.deduplicate = readDeduplicate(rule);
    else if (type === "filter") filters.push({ rule, clauses: readFilter(rule, disable) });
    else if (type === "transform") {
      if (read.transform !== null) disable(rule, "A connection has one transformation here: the first one is taken.");
      else {
        read.transform = transformationOf(rule);
        if (read.transform === null) disable(rule, "The code of this transformation is not in the export.");
        else if (filters.length > 0)
          disable(
            rule,
            "Here a filter sees what the transformation has made, whatever their order: look whether it fits.",
          );
      }
    } else {
      disable(rule, `There is no rule of type ${type ?? "null"} here.`);
      continue;
    }
    for (const field of rule.unread(NO_FIELDS))
      draft.note("left", field, "There is no such setting of a rule here: it is left out.");
  }
  const [first, ...more] = filters.map(({ clauses }) => clauses).filter((each) => Object.keys(each).length > 0);
  if (first) read.fields.filter = more.reduce(bothFilters, first);
  return read;
}

function readFilter(rule: ExportNode, disable: (at: ExportNode, message: string) => void): FlowFields {
  const parts = PARTS.flatMap((part): [string, Json][] => {
    const node = rule.at(part);
    // An empty object asks for nothing there.
    if (!node.isSet || (node.kind === "object" && node.members.size === 0)) return [];
    const { clause, unknown } = readClause(node.json());
    for (const operator of unknown) disable(node, `A filter has no operator ${operator} here.`);
    return unknown.length > 0 ? [] : [[part, part === "headers" ? lowerKeys(clause) : clause]];
  });
  const types = rule.at("event_type");
  if (types.isSet) parts.push(["eventType", types.json()]);
  return Object.fromEntries(parts);
}

/** One filter that asks for both. */
function bothFilters(one: FlowFields, other: FlowFields): FlowFields {
  const out = { ...one };
  for (const [part, clause] of Object.entries(other)) {
    const there = out[part];
    out[part] = there === undefined || clause === undefined ? clause : { $and: [there, clause] };
  }
  return out;
}

const MIN_WAIT_MS = 1_000;

function readRetry(draft: Draft, rule: ExportNode): Json {
  const interval = rule.at("interval");
  const given = interval.number();
  const intervalMs = given === null ? null : Math.max(MIN_WAIT_MS, given);
  if (given !== null && given < MIN_WAIT_MS) draft.note("changed", interval, "The shortest wait here is one second.");
  const schedule = rule.at("schedule").list();
  const codes = rule
    .at("response_status_codes")
    .list()
    .map((code) => readCode(draft, code));
  const known = codes.filter((code) => code !== null);
  const count = rule.at("count").number();
  return {
    strategy: rule.at("strategy").text() ?? "exponential",
    ...(intervalMs !== null && { interval: durationOf(intervalMs) }),
    ...(count !== null && { count }),
    ...(schedule.length > 0 && { schedule: schedule.map((wait) => durationOf(wait.number() ?? 0)) }),
    ...(known.length > 0 && { responseStatusCodes: known }),
  };
}

/** `>=500`, `<300` and the like are ranges here; `!=404` is an exclusion. */
function readCode(draft: Draft, node: ExportNode): string | null {
  const text = node.kind === "number" ? String(node.number()) : (node.text() ?? "").replaceAll(" ", "");
  const [, sign, digits] = /^(>=|<=|>|<|!=|==?)(\d{3})$/.exec(text) ?? [];
  if (sign === undefined) {
    if (/^!?[1-5]\d\d(?:-[1-5]\d\d)?$/.test(text)) return text;
    draft.note(
      "left",
      node,
      "Here a status is one such as 429, a range such as 500-599, or an exclusion such as !404.",
    );
    return null;
  }
  const status = Number(digits);
  if (sign === ">=") return `${status}-599`;
  if (sign === ">") return `${status + 1}-599`;
  if (sign === "<=") return `100-${status}`;
  if (sign === "<") return `100-${status - 1}`;
  return sign === "!=" ? `!${status}` : String(status);
}

function readDeduplicate(rule: ExportNode): Json {
  const [include, exclude] = [rule.at("include_fields").texts(), rule.at("exclude_fields").texts()];
  return {
    window: durationOf(rule.at("window").number() ?? 0),
    ...(include.length > 0 && { includeFields: include }),
    ...(exclude.length > 0 && { excludeFields: exclude }),
  };
}
