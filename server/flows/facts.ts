// A resource as plans compare it: other resources by their names, rules by their type, switches as true or false. No secrets.

import type { Rules } from "#server/contracts/rule.ts";
import { pathStep } from "#server/json/show.ts";
import { isSecretField } from "./secret-from.ts";
import { type Fields, isSame, rateOf } from "./spelling.ts";

/** Every kind has its name; the rest follows from the kind. */
export type Facts = Fields;

export interface Difference {
  /** Such as `config.rate_limit` or `rules.retry.count`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** A config without secrets and with its limit as one value. */
function configFacts({ auth, headers: _, rate_limit_period: _period, ...config }: Fields): Fields {
  const open = Object.entries((auth ?? {}) as Fields).filter(([name]) => !isSecretField(name));
  return {
    ...config,
    ...("rate_limit" in config && { rate_limit: rateOf({ ...config, rate_limit_period: _period }) }),
    ...(auth !== undefined && { auth: Object.fromEntries(open) }),
  };
}

interface EndFacts {
  name: string;
  description: string | null;
  type: string;
  isDisabled: boolean;
  config: Fields;
}

export const sourceFacts = ({ name, description, type, isDisabled, config }: EndFacts): Facts => ({
  name,
  description,
  type,
  disabled: isDisabled,
  config: configFacts(config),
});

/** @param deadLetter the name of a destination */
export function destinationFacts({ config, ...end }: EndFacts, deadLetter: string | null): Facts {
  const { dead_letter_destination_id: _, ...rest } = config;
  return { ...sourceFacts({ ...end, config: rest }), dead_letter: deadLetter };
}

interface ConnectionFacts {
  name: string;
  description: string | null;
  source: string;
  destination: string;
  rules: Rules;
  /** The name of a transformation. */
  transform: string | null;
  isPaused: boolean;
  isDisabled: boolean;
}

export function connectionFacts(facts: ConnectionFacts): Facts {
  const { name, description, source, destination, rules, transform, isPaused, isDisabled } = facts;
  const own = rules.flatMap((rule) => {
    if (rule.type === "transform") return [];
    const { type, ...fields } = rule;
    return [[type, fields] as const];
  });
  return {
    name,
    description,
    source,
    destination,
    paused: isPaused,
    disabled: isDisabled,
    rules: Object.fromEntries(transform === null ? own : [...own, ["transform", transform]]),
  };
}

type TransformationFacts = { name: string; description: string | null; code: string };

export const transformationFacts = ({ name, description, code }: TransformationFacts): Facts => ({
  name,
  description,
  code,
});

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The fields that differ, down to the first that is no object on both sides. */
export function differences(before: Facts, after: Facts, path = ""): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [one, other] = [before[key], after[key]];
    const at = path === "" ? pathStep(key).replace(/^\./, "") : path + pathStep(key);
    if (isSame(one ?? null, other ?? null)) return [];
    if (isRecord(one) && isRecord(other)) return differences(one, other, at);
    return [{ path: at, before: one ?? null, after: other ?? null }];
  });
}

/** The keys of a path. */
export const stepsOf = (path: string): string[] =>
  [...path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : (JSON.parse(quoted) as string),
  );

/** What stands at a path; undefined where there is nothing. */
export function factAt(facts: Facts, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    facts,
  );
}

/** Whether one path is the other, or leads into what stands there. */
export const areOnOneWay = (a: string, b: string): boolean => {
  const [one, other] = [stepsOf(a), stepsOf(b)];
  return one.slice(0, other.length).every((step, index) => other[index] === step);
};
