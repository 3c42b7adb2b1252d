// A stored row of a resource as its version shows it: what its owner set, as nested fields. Pure.
import { DESTINATION_KINDS, type DestinationType } from "#server/contracts/destination.ts";
import { RULE_ORDER } from "#server/contracts/rule.ts";
import { ADDED_SOURCE_CONFIG } from "#server/contracts/source.ts";
import type { VersionedKind, VersionField } from "#server/contracts/version.ts";
import { pathStep } from "#server/json/show.ts";

export type Fields = { [name: string]: unknown };

/** A row without its secrets, as `versioned_state` gives it. */
export interface State extends Fields {
  name: string;
  description: string | null;
  created_at: string;
  has_secrets: boolean;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Rules by their type, so that one of them is a field. */
function rulesByType(rules: unknown): Fields {
  const entries = (rules as ({ type: string } & Fields)[]).map(({ type, ...rule }) => [type, rule] as const);
  return Object.fromEntries(entries);
}

/** Rules as a connection has them. */
export const rulesFrom = (byType: Fields): Fields[] =>
  RULE_ORDER.flatMap((type) => (isFields(byType[type]) ? [{ type, ...byType[type] }] : []));

function configOf(kind: "source" | "destination", state: State): Fields {
  const defaults: Fields =
    kind === "source" ? ADDED_SOURCE_CONFIG : DESTINATION_KINDS[state.type as DestinationType].defaults;
  const { headers: _, ...config } = { ...defaults, ...(state.config as Fields) };
  return config;
}

/** The fields that a restore can bring back. Header values are secrets, so a version has no headers. */
export function documentOf(kind: VersionedKind, state: State): Fields {
  const { name, description } = state;
  if (kind === "transformation") return { name, description, code: state.code };
  const disabled = state.disabled_at !== null;
  if (kind !== "connection") return { name, description, type: state.type, disabled, config: configOf(kind, state) };
  const { source_id, destination_id, paused_at } = state;
  const paused = paused_at !== null;
  return { name, description, source_id, destination_id, disabled, paused, rules: rulesByType(state.rules) };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Members in the order of their names: a column of JSON keeps another order than what was written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

const below = (path: string, name: string) => (path === "" ? pathStep(name).replace(/^\./, "") : path + pathStep(name));
const namesOf = (...all: Fields[]) => [...new Set(all.flatMap(Object.keys))].sort();

/** The fields that differ, down to the first that is not a group of fields in both. */
export function differingFields(before: Fields, after: Fields, path = ""): VersionField[] {
  return namesOf(before, after).flatMap((name) => {
    const [one, other] = [before[name], after[name]];
    if (isSame(one ?? null, other ?? null)) return [];
    const at = below(path, name);
    if (isFields(one) && isFields(other)) return differingFields(one, other, at);
    return [{ path: at, before: one ?? null, after: other ?? null, is_secret: false }];
  });
}

const holds = (group: string, path: string) =>
  path === group || (path.startsWith(group) && /^[.[]/.test(path.slice(group.length)));

/** `present` with the fields that `paths` name as `target` has them; all of them without paths. */
export function withRestored(present: Fields, target: Fields, paths: readonly string[] | undefined, path = ""): Fields {
  const entries = namesOf(present, target).flatMap((name) => {
    const at = below(path, name);
    const [one, other] = [present[name], target[name]];
    if (paths === undefined || paths.some((group) => holds(group, at)))
      return other === undefined ? [] : [[name, other] as const];
    const isWithin = paths.some((asked) => holds(at, asked));
    if (isWithin && isFields(one) && isFields(other)) return [[name, withRestored(one, other, paths, at)] as const];
    return one === undefined ? [] : [[name, one] as const];
  });
  return Object.fromEntries(entries);
}
