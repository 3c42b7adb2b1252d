// The choice for each field that drifted: what the file says, or what runs.
import type { ApplyFlows, FlowChange, FlowChoice } from "#server/contracts/flow.ts";
import { RULE_ORDER, type Rule } from "#server/contracts/rule.ts";
import type { FieldIssue } from "#server/errors/app-error.ts";
import type { Declared, DeclaredDestination, DeclaredSource } from "./declared.ts";
import { stepsOf } from "./facts.ts";
import type { Running } from "./running.ts";
import { isSecretField } from "./secret-from.ts";
import type { Fields } from "./spelling.ts";

const MAX_NAMED = 5;

type Choosing = Pick<ApplyFlows, "choices" | "drift">;
export type ChoiceOf = (kind: FlowChoice["kind"], name: string, path: string) => FlowChoice["take"] | undefined;

export function chooser({ choices, drift }: Choosing): ChoiceOf {
  const chosen = new Map(choices.map(({ kind, name, path, take }) => [`${kind}:${name}:${path}`, take]));
  return (kind, name, path) => chosen.get(`${kind}:${name}:${path}`) ?? drift;
}

/** The drifted fields of a plan that nobody has chosen for. */
export function unchosen(changes: readonly FlowChange[], choiceOf: ChoiceOf): FieldIssue[] {
  const open = changes.flatMap(({ kind, name, fields }) =>
    fields
      .filter(({ path, drift }) => drift !== null && choiceOf(kind, name, path) === undefined)
      .map(({ path, drift }) => {
        const who = drift?.changed_by ? ` by ${drift.changed_by.actor_name ?? drift.changed_by.actor_id}` : "";
        return `${path} of the ${kind} ${name}, changed${who}`;
      }),
  );
  if (open.length === 0) return [];
  const more = open.length > MAX_NAMED ? ` and ${open.length - MAX_NAMED} more` : "";
  const message = `Somebody has changed what the file had said: ${open.slice(0, MAX_NAMED).join("; ")}${more}. Choose file or runs for each in choices, or for all of them in drift.`;
  return [{ path: "choices", message }];
}

/** Puts what stands at a path of one object in its place in another; nothing there takes it away. */
function copyAt(target: Fields, from: Fields, [step = "", ...rest]: readonly string[]): Fields {
  const [there, here] = [from[step], target[step]];
  if (rest.length > 0 && isRecord(there) && isRecord(here)) return { ...target, [step]: copyAt(here, there, rest) };
  const { [step]: _, ...others } = target;
  return there === undefined ? others : { ...others, [step]: there };
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function copyRules(declared: readonly Rule[], running: readonly Rule[], steps: readonly string[]): Rule[] {
  const byType = (rules: readonly Rule[]): Fields => Object.fromEntries(rules.map((rule) => [rule.type, rule]));
  const rules = Object.values(copyAt(byType(declared), byType(running), steps)) as Rule[];
  return rules
    .filter(({ type }) => type !== "transform")
    .sort((a, b) => RULE_ORDER.indexOf(a.type) - RULE_ORDER.indexOf(b.type));
}

/** A declared resource as it would be with what runs at `path`. */
export function withRunning(declared: Declared, running: Running, path: string): Declared {
  const { facts } = running;
  const [first = "", ...rest] = stepsOf(path);
  if (first === "name") return { ...declared, name: running.name };
  if (first === "description") return { ...declared, description: facts.description as string | null };
  if (first === "disabled") return { ...declared, isDisabled: facts.disabled === true } as Declared;
  if (declared.kind === "transformation") return { ...declared, code: facts.code as string };
  if (declared.kind === "connection" && running.kind === "connection") {
    if (first === "paused") return { ...declared, isPaused: facts.paused === true };
    if (first === "source" || first === "destination") return { ...declared, [first]: facts[first] as string };
    if (rest[0] === "transform") return { ...declared, transform: running.transform };
    return { ...declared, rules: copyRules(declared.rules, running.rules, rest) };
  }
  if (declared.kind === "source" && running.kind === "source") {
    if (first === "type") return { ...declared, type: running.type };
    return copyConfig(declared, running.config, rest);
  }
  if (declared.kind === "destination" && running.kind === "destination") {
    if (first === "dead_letter") return { ...declared, deadLetter: running.deadLetter };
    return copyConfig(declared, running.settings.config, rest);
  }
  return declared;
}

function copyConfig<D extends DeclaredSource | DeclaredDestination>(
  declared: D,
  running: object,
  steps: readonly string[],
): D {
  const from = running as Fields;
  // With another way of authentication its fields are others, and the secrets that the file names are not of it.
  if (steps[0] === "auth_type") {
    const auth = Object.entries((from.auth ?? {}) as Fields).filter(([name]) => !isSecretField(name));
    const config = copyAt(declared.config as Fields, from, steps);
    return { ...declared, config, auth: Object.fromEntries(auth), secrets: {} };
  }
  if (steps[0] === "auth") return { ...declared, auth: copyAt(declared.auth, from.auth as Fields, steps.slice(1)) };
  const whole = steps[0] === "rate_limit" ? [["rate_limit"], ["rate_limit_period"]] : [steps];
  const config = whole.reduce((at, each) => copyAt(at, from, each), declared.config as Fields);
  return { ...declared, config };
}
