// All that a reader has found, in the words of a flow's file, which is planned and applied. Each part keeps the place that it
// comes from.
import { jsonText } from "#server/json/show.ts";
import type { Json } from "#server/json/value.ts";
import type { ExportNode, Remark } from "./export-file.ts";

/** The fields of a resource as a flow's file spells them (`server/flows/shapes.ts`). */
export type FlowFields = Record<string, unknown>;

/** A secret in a flow's file, by the name of the value that comes with the call. */
export interface SecretRef {
  secretFrom: { env: string };
}

/** Why something is told of: it is not carried over, it is otherwise here, or a secret is missing. */
export type NoteKind = "left" | "changed" | "secret";
export interface Note extends Remark {
  kind: NoteKind;
}

interface End {
  origin: ExportNode;
  /** As the other system calls it, or as it is told from others of that name. */
  name: string;
  id: string;
  fields: FlowFields;
}

interface Branch {
  origin: ExportNode;
  /** Keys of ends. */
  source: string;
  destination: string;
  name: string | null;
  id: string;
  /** The key of a transformation. */
  transform: string | null;
  description?: string | null;
  isDisabled: boolean;
  fields: FlowFields;
}

/** One thing that is imported, and where it comes from: told of a line of the flow's text. */
export interface Origin {
  kind: "source" | "destination" | "connection" | "transformation";
  name: string;
  at: Remark;
}

/** The flow's file of an import. */
export interface DraftedFlow {
  text: string;
  secrets: Record<string, string>;
  /** By the lines of the text, from 1. */
  origins: ReadonlyMap<number, Origin>;
}

const MAX_NAME = 155;
/** A name as resources have it. */
const nameOf = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9_.-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, MAX_NAME);

/** Values that an API shows in place of a secret: `whsec_…f3a9`, `****`, `[REDACTED]`. */
const MASKED = /…|^[*•x]{3,}|\*{3,}|^\[?redacted\]?$/i;

/** Reads a variable of the environment. */
export type ReadEnv = (name: string) => string | undefined;

export class Draft {
  readonly notes: Note[] = [];
  readonly sources = new Map<string, End>();
  readonly destinations = new Map<string, End>();
  readonly transformations = new Map<string, End>();
  readonly branches: Branch[] = [];
  readonly #system: string;
  readonly #readEnv: ReadEnv;
  /** By the variables that stand for them; the value is null of one that is missing. */
  readonly #secrets = new Map<string, { owner: string; value: string | null }>();
  readonly #told = new Set<string>();
  /** The names of secrets that came from the environment. */
  readonly fromEnv = new Set<string>();

  constructor(system: string, readEnv: ReadEnv) {
    this.#system = system;
    this.#readEnv = readEnv;
  }

  note(kind: NoteKind, at: ExportNode, message: string): void {
    this.notes.push({ ...at.remark(message), kind });
  }

  /** Told once, of the first place that it holds for. */
  noteOnce(kind: NoteKind, at: ExportNode, message: string): void {
    if (!this.#told.has(message)) this.note(kind, at, message);
    this.#told.add(message);
  }

  /**
   * A secret as the flow's file names it: by its value in the export, or by the variable of the environment that has its
   * name. Null, and told, where there is neither.
   * @param owner the name of its resource
   * @param without what becomes of the resource without it
   * @param place tells it from others of one owner's name and field: by default where it stands in the export
   */
  secret(
    owner: string,
    field: string,
    value: ExportNode,
    without: string,
    place = `${value.file.name} ${value.path}`,
  ): SecretRef | null {
    const found = this.secretOf(owner, field, value.text(), place);
    if (found) return found;
    const name = this.#secretName(owner, field, null, place);
    // One secret of a whole project is missing once.
    if (!this.#secrets.has(name))
      this.note(
        "secret",
        value,
        `The export does not hold this secret: set ${name} before you import. Without it: ${without}`,
      );
    this.#secrets.set(name, { owner: place, value: null });
    return null;
  }

  /** A secret whose value an export may hold within another; null, and not told, where there is none. */
  secretOf(owner: string, field: string, given: string | null, place = `${owner}.${field}`): SecretRef | null {
    const isShown = given !== null && given !== "" && !MASKED.test(given);
    const name = this.#secretName(owner, field, isShown ? given : null, place);
    const value = isShown ? given : this.#readEnv(name);
    if (!value) return null;
    if (!isShown) this.fromEnv.add(name);
    this.#secrets.set(name, { owner: isShown ? `${owner}.${field}` : place, value });
    return { secretFrom: { env: name } };
  }

  valueOf({ secretFrom }: SecretRef): string {
    return this.#secrets.get(secretFrom.env)?.value ?? "";
  }

  /**
   * Such as `HOOKDECK_STRIPE_PROD_SECRET`. A source and a destination may have one name and two secrets: a name stands for one value.
   * @param given the value in the export; null where the environment is to have it
   */
  #secretName(owner: string, field: string, given: string | null, place: string): string {
    const plain = `${this.#system}_${owner}_${field}`.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase();
    const key = given === null ? place : `${owner}.${field}`;
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? plain.slice(0, 128) : `${plain.slice(0, 120)}_${count}`;
      const taken = this.#secrets.get(name);
      if (!taken) return name;
      const isSame = given === null ? taken.value === null || this.fromEnv.has(name) : taken.value === given;
      if (taken.owner === key && isSame) return name;
    }
  }

  /** Several of one name get what tells them apart: their id there. */
  #named(ends: ReadonlyMap<string, End>): Map<string, string> {
    const plain = [...ends].map(([key, end]) => ({ key, end, name: nameOf(end.name) || nameOf(end.id) || "unnamed" }));
    const counts = countOf(plain.map(({ name }) => name));
    return new Map(
      plain.map(({ key, end, name }) => [key, counts.get(name) === 1 ? name : withSuffix(name, nameOf(end.id))]),
    );
  }

  /** The text of the flow's file: one resource a line, so that what is wrong with one is told at its place in the export. */
  toFlow(): DraftedFlow {
    const lines: string[] = [];
    const origins = new Map<number, Origin>();
    const add = (text: string, origin?: Origin) => {
      lines.push(text);
      if (origin) origins.set(lines.length, origin);
    };
    const names = {
      source: this.#named(this.sources),
      destination: this.#named(this.destinations),
      transformation: this.#named(this.transformations),
    };
    const listed = (kind: "destination" | "transformation", ends: ReadonlyMap<string, End>) => {
      for (const [index, [key, { fields, origin }]] of [...ends].entries()) {
        const name = names[kind].get(key) ?? "";
        add(`${index === 0 ? "" : ","}${write({ name, ...fields })}`, { kind, name, at: origin.remark("") });
      }
    };
    add(`${head(`import-${this.#system}`)}"transformations":[`);
    listed("transformation", this.transformations);
    add('],"destinations":[');
    listed("destination", this.destinations);
    add("]}}");
    const branches = this.#namedBranches(names.source, names.destination);
    for (const [index, [key, { fields, origin }]] of [...this.sources].entries()) {
      const name = names.source.get(key) ?? "";
      add("---");
      add(`${head(`import-${this.#system}-${index + 1}`)}"source":`);
      add(write({ name, ...fields }), { kind: "source", name, at: origin.remark("") });
      add(',"destinations":[');
      for (const [at, branch] of (branches.get(key) ?? []).entries()) {
        const { description, isDisabled, connection } = branch;
        const entry = {
          ref: names.destination.get(branch.destination),
          connection: present({ name: connection, description, disabled: isDisabled || undefined }),
          ...branch.fields,
          transform: branch.transform === null ? undefined : names.transformation.get(branch.transform),
        };
        const place: Origin = { kind: "connection", name: connection, at: branch.origin.remark("") };
        add(`${at === 0 ? "" : ","}${write(entry)}`, place);
      }
      add("]}}");
    }
    const secrets = Object.fromEntries(
      [...this.#secrets].flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
    );
    return { text: `${lines.join("\n")}\n`, secrets, origins };
  }

  /** By the keys of their sources. Several of one name get their source before it, and then their id. */
  #namedBranches(sources: ReadonlyMap<string, string>, destinations: ReadonlyMap<string, string>) {
    const ends = this.branches.map((branch) => {
      const [source = "", destination = ""] = [sources.get(branch.source), destinations.get(branch.destination)];
      return { branch, source, name: nameOf(branch.name ?? `${source}-${destination}`) };
    });
    const counts = countOf(ends.map(({ name }) => name));
    const bySource = ends.map(({ branch, source, name }) => ({
      ...branch,
      connection: counts.get(name) === 1 ? name : nameOf(`${source}-${name}`),
    }));
    const countsBySource = countOf(bySource.map(({ connection }) => connection));
    const named = bySource.map((branch) =>
      countsBySource.get(branch.connection) === 1
        ? branch
        : { ...branch, connection: withSuffix(branch.connection, nameOf(branch.id)) },
    );
    const grouped = new Map<string, typeof named>();
    for (const branch of named) {
      const others = grouped.get(branch.source);
      if (others) others.push(branch);
      else grouped.set(branch.source, [branch]);
    }
    return grouped;
  }
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const withSuffix = (name: string, suffix: string) => `${name.slice(0, MAX_NAME - suffix.length - 1)}-${suffix}`;

const head = (name: string) =>
  `{"apiVersion":"switchyard.dev/v1","kind":"DeliveryFlow","metadata":{"name":"${name}"},"spec":{`;

/** JSON with the very digits of each number, under any Node, without what is undefined or null. */
const write = (fields: FlowFields): string => jsonText(present(fields) as Json, Number.MAX_SAFE_INTEGER);

const present = (fields: FlowFields): FlowFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
