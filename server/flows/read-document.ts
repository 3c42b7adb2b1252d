// One document of a file, part by part. Whatever is wrong is noted with its place, and the reading goes on.
import { z } from "zod";
import { DESTINATION_KINDS, type DestinationType } from "#server/contracts/destination.ts";
import type { FlowProblem } from "#server/contracts/flow.ts";
import { Description, Name } from "#server/contracts/resource-fields.ts";
import { RULE_ORDER, Rules } from "#server/contracts/rule.ts";
import { SourceConfig, SourceType } from "#server/contracts/source.ts";
import { CreateTransformation } from "#server/contracts/transformation.ts";
import { fieldIssues } from "#server/errors/field-issues.ts";
import { sourceDefaults } from "#server/resources/source-config.ts";
import {
  type Declared,
  type DeclaredConnection,
  type DeclaredFlows,
  type FlowDocument,
  type Origin,
  problemAt,
  problemOf,
} from "./declared.ts";
import { readAuth, readSecrets } from "./secret-from.ts";
import { destinationShape, RULE_SHAPES, sourceShape } from "./shapes.ts";
import { type Fields, type Noting, toApi } from "./spelling.ts";

export const Part = z.record(z.string(), z.unknown());
const Ref = z.strictObject({ ref: Name });
const Named = z.strictObject({ name: Name, description: Description.default(null) });
const End = Named.extend({ disabled: z.boolean().default(false) });
const SourceHead = End.extend({ type: SourceType.default("WEBHOOK") });
const DestinationHead = End.extend({
  type: z
    .enum(Object.keys(DESTINATION_KINDS) as DestinationType[])
    .exclude(["CLI"])
    .default("HTTP"),
});
const HEAD = ["name", "type", "description", "disabled"];
const Branch = z.strictObject({
  connect: z.boolean().optional(),
  connection: z
    .strictObject({
      name: Name.optional(),
      description: Description.default(null),
      disabled: z.boolean().default(false),
    })
    .default({ description: null, disabled: false }),
  paused: z.boolean().default(false),
  transform: Name.optional(),
});
const BRANCH = ["connect", "connection", "paused", ...RULE_ORDER];
const TransformationPart = CreateTransformation.omit({ env: true }).extend({ description: Description.default(null) });

const OMITTED_CONFIG = { auth: true } as const;
const SourceSettings = SourceConfig.omit(OMITTED_CONFIG);

const picked = (part: Fields, names: readonly string[], isWanted = true) =>
  Object.fromEntries(Object.entries(part).filter(([name]) => names.includes(name) === isWanted));

/** More are not shown, and each costs a look for its place. */
const MAX_NOTED = 100;

/** Reads one document. */
export class Reading {
  readonly declared: Declared[] = [];
  readonly references: DeclaredFlows["references"] = [];
  readonly problems: FlowProblem[] = [];
  readonly #flow: FlowDocument;

  constructor(flow: FlowDocument) {
    this.#flow = flow;
  }

  #origin(at: string): Origin {
    return { flow: this.#flow, at, paths: new Map() };
  }

  #noting({ at, paths }: Origin): Noting {
    return {
      problem: (path, message) => this.problem(`${at}.${path}`, message),
      place: (api, file) => paths.set(api, file),
    };
  }

  problem(path: string, message: string): void {
    if (this.problems.length < MAX_NOTED) this.problems.push(problemAt(this.#flow, path, message));
  }

  /** The value as the contract reads it; undefined when it does not fit, which is noted. @param api its path in the API */
  #read<S extends z.ZodType>(schema: S, value: unknown, origin: Origin, api = ""): z.output<S> | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of fieldIssues(result.error)) {
      const whole = api === "" || path === "" ? `${api}${path}` : `${api}${path.startsWith("[") ? "" : "."}${path}`;
      // What the API has no other name for stands under its own.
      if (api === "") origin.paths.set(path, path);
      this.problems.push(problemOf(origin, { path: whole, message }));
    }
    return undefined;
  }

  /** @returns the name of the source; null for a document without one */
  source(part: Fields | undefined): string | null {
    if (!part) return null;
    const origin = this.#origin("spec.source");
    if ("ref" in part) {
      const ref = this.#read(Ref, part, origin)?.ref ?? null;
      if (ref) this.references.push({ kind: "source", name: ref, origin });
      return ref;
    }
    const head = this.#read(SourceHead, picked(part, HEAD), origin);
    if (!head) return null;
    const noting = this.#noting(origin);
    const { auth, ...fields } = picked(part, HEAD, false);
    const authType = typeof fields.authType === "string" ? fields.authType : undefined;
    const config = toApi(fields, sourceShape(sourceDefaults(head.type, authType)), prefixed(noting));
    const checked = this.#read(SourceSettings, picked(config as Fields, ["auth"], false), origin, "config");
    const { disabled, ...named } = head;
    for (const name of HEAD) noting.place(name, name);
    if (checked)
      this.declared.push({
        kind: "source",
        ...named,
        isDisabled: disabled,
        config: checked,
        ...readAuth(auth, noting),
        origin,
      });
    return head.name;
  }

  destination(part: Fields, index: number, source: string | null): void {
    const origin = this.#origin(`spec.destinations[${index}]`);
    const settings = picked(part, BRANCH, false);
    const name = "ref" in settings ? this.#refer(settings, origin) : this.#destination(settings, origin);
    if (name !== undefined) this.#connection(picked(part, BRANCH), source, name, origin.at);
  }

  #refer(settings: Fields, origin: Origin): string | undefined {
    const [other] = Object.keys(settings).filter((field) => field !== "ref");
    if (other !== undefined) {
      this.problem(
        `${origin.at}.${other}`,
        `With ref a destination is only named: write ${other} where it is declared, or name in place of ref.`,
      );
      return undefined;
    }
    const ref = this.#read(Ref, settings, origin)?.ref;
    if (ref) this.references.push({ kind: "destination", name: ref, origin });
    return ref;
  }

  #destination(settings: Fields, origin: Origin): string | undefined {
    const head = this.#read(DestinationHead, picked(settings, HEAD), origin);
    if (!head) return undefined;
    const noting = this.#noting(origin);
    const { auth, headers, ...fields } = picked(settings, HEAD, false);
    const config = toApi(fields, destinationShape(head.type), prefixed(noting)) as Fields;
    const { dead_letter_destination_id: deadLetter, auth: _auth, headers: _headers, ...rest } = config;
    const contract = DESTINATION_KINDS[head.type].config.partial();
    const checked = this.#read(contract, rest, origin, "config");
    const letters = this.#read(Name.nullish(), deadLetter, origin, "config.dead_letter_destination_id") ?? null;
    const { disabled, ...named } = head;
    for (const name of HEAD) noting.place(name, name);
    for (const [name, value] of Object.entries({ auth, headers })) {
      if (value !== undefined && !(name in DESTINATION_KINDS[head.type].config.shape))
        noting.problem(
          name,
          `A destination of type ${head.type} has no ${name}: remove it, or choose the type that has it.`,
        );
    }
    if (letters)
      this.references.push({
        kind: "destination",
        name: letters,
        origin: { ...origin, at: `${origin.at}.deadLetter` },
      });
    if (!checked) return head.name;
    this.declared.push({
      kind: "destination",
      ...named,
      isDisabled: disabled,
      config: checked as Fields,
      deadLetter: letters,
      ...readAuth(auth, noting),
      headers: readSecrets(headers, noting, "headers", "config.headers"),
      origin,
    });
    return head.name;
  }

  #connection(part: Fields, source: string | null, destination: string, at: string): void {
    const origin = this.#origin(at);
    const rules = picked(part, ["deduplicate", "filter", "delay", "retry"]);
    const branch = this.#read(Branch, picked(part, Object.keys(rules), false), origin);
    if (!branch || branch.connect === false) return;
    if (source === null) {
      const [given] = Object.keys(part);
      if (given)
        this.problem(
          `${at}.${given}`,
          `Nothing is routed here, as this document has no source: remove ${given}, or give spec.source.`,
        );
      return;
    }
    const noting = this.#noting(origin);
    const read = this.#rules(rules, noting, origin);
    if (!read) return;
    const { connection, paused, transform } = branch;
    noting.place("name", "connection.name");
    noting.place("description", "connection.description");
    noting.place("disabled", "connection.disabled");
    noting.place("paused", "paused");
    if (transform !== undefined) {
      noting.place("rules.transform", "transform");
      this.references.push({ kind: "transformation", name: transform, origin: { ...origin, at: `${at}.transform` } });
    }
    this.declared.push({
      kind: "connection",
      name: connection.name ?? `${source}-${destination}`.slice(0, 155),
      description: connection.description,
      source,
      destination,
      rules: read,
      transform: transform ?? null,
      isPaused: paused,
      isDisabled: connection.disabled,
      origin,
    } satisfies DeclaredConnection);
  }

  #rules(part: Fields, noting: Noting, origin: Origin): Rules | undefined {
    const given = RULE_ORDER.filter((type) => type !== "transform" && part[type] !== undefined && part[type] !== null);
    const rules = given.map((type, index) => {
      const both: Noting = {
        problem: noting.problem,
        place(api, file) {
          noting.place(`rules[${index}]${api}`, file);
          noting.place(`rules.${type}${api}`, file);
        },
      };
      if (type === "delay") return { type, delay: toApi(part[type], "duration", both, type, "") };
      const shape = RULE_SHAPES[type as keyof typeof RULE_SHAPES];
      const fields = toApi(part[type], shape, dotted(both, type));
      return typeof fields === "object" ? { ...fields, type } : fields;
    });
    return this.#read(Rules, rules, origin, "rules");
  }

  transformation(part: Fields, index: number): void {
    const origin = this.#origin(`spec.transformations[${index}]`);
    const { env, ...rest } = part;
    const noting = this.#noting(origin);
    const read = this.#read(TransformationPart, rest, origin);
    for (const name of ["name", "description", "code"]) noting.place(name, name);
    if (read)
      this.declared.push({ kind: "transformation", ...read, env: readSecrets(env, noting, "env", "env"), origin });
  }
}

/** The fields of a config stand beside name and type in a file. */
const prefixed = (noting: Noting): Noting => ({
  problem: noting.problem,
  place: (api, file) => noting.place(api === "" ? "config" : `config.${api}`, file),
});

/** Paths below a rule, on both sides. */
const dotted = (noting: Noting, type: string): Noting => ({
  problem: (path, message) => noting.problem(path === "" ? type : `${type}.${path}`, message),
  place: (api, file) => noting.place(api === "" ? "" : `.${api}`, file === "" ? type : `${type}.${file}`),
});
