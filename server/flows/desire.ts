// A declared resource over what runs: as it would be, and what has to be written so that it is.
import type { Ctx } from "#server/auth/ctx.ts";
import {
  DESTINATION_KINDS,
  type DestinationSettings,
  type SentDestinationConfig,
} from "#server/contracts/destination.ts";
import type { FlowProblem } from "#server/contracts/flow.ts";
import { PROVIDERS } from "#server/contracts/provider.ts";
import { RULE_ORDER, type Rules } from "#server/contracts/rule.ts";
import type { SourceConfig } from "#server/contracts/source.ts";
import { AppError } from "#server/errors/app-error.ts";
import { presetFor } from "#server/providers/preset.ts";
import { judgesOf, mergeDestinationSettings } from "#server/resources/destination-settings.ts";
import { maskValues } from "#server/resources/secret-fields.ts";
import { mergeSourceConfig, retypeSourceConfig } from "#server/resources/source-config.ts";
import type {
  Declared,
  DeclaredConnection,
  DeclaredDestination,
  DeclaredSource,
  DeclaredTransformation,
  Origin,
  SecretFrom,
  Secrets,
} from "./declared.ts";
import { problemOf } from "./declared.ts";
import {
  connectionFacts,
  type Difference,
  destinationFacts,
  type Facts,
  sourceFacts,
  transformationFacts,
} from "./facts.ts";
import type { Names, Running, RunningDestination, RunningSource, RunningTransformation } from "./running.ts";
import { type Fields, isSame } from "./spelling.ts";

/** What a look at one file notes. */
export interface Desiring {
  ctx: Ctx;
  names: Names;
  /** The values that came with the call. */
  sent: Record<string, string>;
  /** Whoever only reads is not told whether a value is the one that is there: they could ask for all of them. */
  hidesSame: boolean;
  problems: FlowProblem[];
  warnings: FlowProblem[];
}

/** Stands for the id of what the same file makes. */
const TO_BE_MADE = "to-be-made";

export interface Desired<Write extends Fields = Fields> {
  facts: Facts;
  /** Masked. */
  secretChanges: Difference[];
  /** The config, env or rules as the verb of the resource takes them. */
  write: Write;
}

const note = (list: FlowProblem[], origin: Origin, path: string, message: string) =>
  list.push(problemOf(origin, { path, message }));

const masked = (value: string | undefined) => (value === undefined ? null : (maskValues({ value }).value ?? null));

/** The value of a secret; undefined where there is none, which is told unless something else tells it. */
function resolve(of: Desiring, origin: Origin, path: string, from: SecretFrom, current: string | undefined) {
  if ("existing" in from) return current;
  const value = Object.hasOwn(of.sent, from.env) ? of.sent[from.env] : undefined;
  if (value !== undefined) return value;
  if (current === undefined)
    note(of.problems, origin, path, `${from.env} did not come with the call: send its value in secrets.`);
  else note(of.warnings, origin, path, `${from.env} did not come with the call: what is there stays.`);
  return current;
}

/** All values of a kind that is replaced whole: headers, env. */
function resolveAll(of: Desiring, origin: Origin, api: string, secrets: Secrets, current: Record<string, string>) {
  const values: Record<string, string> = {};
  for (const [name, from] of Object.entries(secrets)) {
    const path = `${api}.${name}`;
    const value = resolve(of, origin, path, from, current[path]);
    if (value !== undefined) values[name] = value;
    else if ("existing" in from)
      note(of.problems, origin, path, "There is no value to keep: write secretFrom with env, and send it.");
  }
  return values;
}

function secretChange(
  of: Desiring,
  from: SecretFrom | undefined,
  path: string,
  [before, after]: [before: string | undefined, after: string | undefined],
): Difference[] {
  const isHidden = of.hidesSame && from !== undefined && "env" in from && Object.hasOwn(of.sent, from.env);
  return before === after && !isHidden ? [] : [{ path, before: masked(before), after: masked(after) }];
}

/** The changes of all values under `api`. */
const allChanges = (
  of: Desiring,
  secrets: Secrets,
  api: string,
  [before, after]: [before: Record<string, string>, after: Record<string, string>],
) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    secretChange(of, secrets[name], `${api}.${name}`, [before[name], after[name]]),
  );

/** `auth` as a change sends it: what the file leaves out is taken away, but for secrets. */
function authOf(
  of: Desiring,
  declared: DeclaredSource | DeclaredDestination,
  base: Fields,
  secrets: Record<string, string>,
) {
  const values: Fields = { ...declared.auth };
  const changes: Difference[] = [];
  for (const [field, from] of Object.entries(declared.secrets)) {
    const path = `config.auth.${field}`;
    const value = resolve(of, declared.origin, path, from, secrets[path]);
    if (value !== undefined) values[field] = value;
    if (value !== undefined) changes.push(...secretChange(of, from, path, [secrets[path], value]));
  }
  for (const name of Object.keys(base))
    if (!(name in values) && !(`config.auth.${name}` in secrets)) values[name] = null;
  return { auth: values, changes };
}

/** Runs a check of the API's; a mistake is told at its place. */
function attempt<T>(of: Desiring, origin: Origin, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const issue of error.issues ?? [{ path: "", message: error.message }])
      of.problems.push(problemOf(origin, issue));
    return null;
  }
}

function desireSource(of: Desiring, declared: DeclaredSource, running?: RunningSource): Desired {
  const { type, origin, config: fields } = declared;
  const base: SourceConfig = !running
    ? presetFor(type)
    : running.type === type
      ? running.config
      : retypeSourceConfig(running.config, type);
  const isSameAuth = base.auth_type === fields.auth_type;
  const { auth, changes } = authOf(
    of,
    declared,
    isSameAuth ? base.auth : {},
    isSameAuth ? (running?.secrets ?? {}) : {},
  );
  const write = { ...fields, auth };
  const merged = attempt(of, origin, () => mergeSourceConfig(base, write)) ?? { ...base, ...fields };
  if (Object.hasOwn(PROVIDERS, fields.auth_type) && Object.keys(merged.auth).length === 0)
    note(
      of.warnings,
      origin,
      "config.auth",
      `${declared.name} has no secret: it refuses whatever comes until it has one.`,
    );
  return { facts: sourceFacts({ ...declared, config: merged }), secretChanges: changes, write };
}

function desireDestination(of: Desiring, declared: DeclaredDestination, running?: RunningDestination): Desired {
  const { type, origin, deadLetter } = declared;
  const stays = running && running.settings.type !== type ? running.settings.type : null;
  if (stays !== null) {
    note(
      of.problems,
      origin,
      "type",
      `This destination is of type ${stays} and stays it: give another name for one of type ${type}.`,
    );
  }
  const base =
    (stays === null && running?.settings) ||
    ({ type, config: DESTINATION_KINDS[type].defaults } as DestinationSettings);
  const known = base.config as Fields;
  const current = running?.secrets ?? {};
  const hasAuth = "auth" in known;
  const isSameAuth = known.auth_type === declared.config.auth_type;
  const { auth, changes } = authOf(
    of,
    declared,
    isSameAuth ? ((known.auth ?? {}) as Fields) : {},
    isSameAuth ? current : {},
  );
  const headersBefore = (known.headers ?? {}) as Record<string, string>;
  const headers = resolveAll(of, origin, "config.headers", declared.headers, current);
  const letters = deadLetter === null ? null : (of.names.idOf("destination", deadLetter) ?? TO_BE_MADE);
  const wanted: Fields = {
    ...declared.config,
    dead_letter_destination_id: letters,
    ...(hasAuth && { auth }),
    ...("headers" in known && { headers }),
  };
  // What stays as it is was judged when it was saved: an address that is allowed no more, or a window that is over, is no change.
  const write = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => name === "auth" || !isSame(value, known[name])),
  ) as SentDestinationConfig;
  const merged = attempt(of, origin, () => mergeDestinationSettings(base, write, judgesOf(of.ctx)));
  const config = merged?.settings.config ?? ({ ...known, ...declared.config } as Fields);
  return {
    facts: destinationFacts({ ...declared, config }, deadLetter),
    secretChanges: [...changes, ...allChanges(of, declared.headers, "config.headers", [headersBefore, headers])],
    write,
  };
}

/** The rules with the transformation in its place in their order. */
export function rulesOf({ rules, transform }: DeclaredConnection, names: Names): Rules {
  if (transform === null) return rules;
  const rule = { type: "transform" as const, transformation_id: names.idOf("transformation", transform) ?? TO_BE_MADE };
  return [...rules, rule].sort((a, b) => RULE_ORDER.indexOf(a.type) - RULE_ORDER.indexOf(b.type));
}

const desireConnection = (of: Desiring, declared: DeclaredConnection): Desired => ({
  facts: connectionFacts(declared),
  secretChanges: [],
  write: { rules: rulesOf(declared, of.names) },
});

function desireTransformation(
  of: Desiring,
  declared: DeclaredTransformation,
  running?: RunningTransformation,
): Desired {
  const env = resolveAll(of, declared.origin, "env", declared.env, running?.secrets ?? {});
  return {
    facts: transformationFacts(declared),
    secretChanges: allChanges(of, declared.env, "env", [running?.env ?? {}, env]),
    write: { code: declared.code, env },
  };
}

/** @param running the same resource as it runs; undefined where it is to be made */
export function desire(of: Desiring, declared: Declared, running: Running | undefined): Desired {
  if (declared.kind === "source") return desireSource(of, declared, running?.kind === "source" ? running : undefined);
  if (declared.kind === "destination")
    return desireDestination(of, declared, running?.kind === "destination" ? running : undefined);
  if (declared.kind === "connection") return desireConnection(of, declared);
  return desireTransformation(of, declared, running?.kind === "transformation" ? running : undefined);
}

/** As a resource of its kind is where its owner sets nothing. */
export function usualFacts(declared: Declared): Facts {
  const { name } = declared;
  const head = { name, description: null };
  if (declared.kind === "source")
    return sourceFacts({ ...head, type: declared.type, isDisabled: false, config: presetFor(declared.type) });
  if (declared.kind === "destination") {
    const { defaults } = DESTINATION_KINDS[declared.type];
    return destinationFacts({ ...head, type: declared.type, isDisabled: false, config: defaults }, null);
  }
  if (declared.kind === "connection") return { ...head, paused: false, disabled: false, rules: {} };
  return head;
}
