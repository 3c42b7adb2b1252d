// The resources that a file declares, as they were read: checked each by itself, with the place of each field.

import type { DestinationType } from "#server/contracts/destination.ts";
import type { FlowProblem, FlowResourceKind } from "#server/contracts/flow.ts";
import type { Rules } from "#server/contracts/rule.ts";
import type { SourceConfig, SourceType } from "#server/contracts/source.ts";
import type { FieldIssue } from "#server/errors/app-error.ts";
import type { Fields } from "./spelling.ts";
import type { Place } from "./yaml-values.ts";

/** A secret stands nowhere in a file: the call brings its value, or it stays as it is. */
export type SecretFrom = { env: string } | { existing: true };
export type Secrets = Record<string, SecretFrom>;

export interface FlowDocument {
  name: string;
  text: string;
  places: ReadonlyMap<string, Place>;
}

/** Where a resource stands in the file. */
export interface Origin {
  flow: FlowDocument;
  /** Its path in the document. */
  at: string;
  /** The path of a field by its path in the API. */
  paths: Map<string, string>;
}

interface Head {
  name: string;
  description: string | null;
  origin: Origin;
}
export interface DeclaredSource extends Head {
  kind: "source";
  type: SourceType;
  isDisabled: boolean;
  config: Omit<SourceConfig, "auth">;
  /** Fields that are no secrets. */
  auth: Fields;
  secrets: Secrets;
}
export interface DeclaredDestination extends Head {
  kind: "destination";
  type: Exclude<DestinationType, "CLI">;
  isDisabled: boolean;
  /** Without auth, headers and dead letters. */
  config: Fields;
  /** The name of a destination. */
  deadLetter: string | null;
  auth: Fields;
  secrets: Secrets;
  headers: Secrets;
}
export interface DeclaredTransformation extends Head {
  kind: "transformation";
  code: string;
  env: Secrets;
}
export interface DeclaredConnection extends Head {
  kind: "connection";
  /** Names. */
  source: string;
  destination: string;
  /** Without its transform rule. */
  rules: Rules;
  /** The name of a transformation. */
  transform: string | null;
  isPaused: boolean;
  isDisabled: boolean;
}
export type Declared = DeclaredSource | DeclaredDestination | DeclaredTransformation | DeclaredConnection;

/** The name of something that the file does not declare. */
export interface Reference {
  kind: FlowResourceKind;
  name: string;
  origin: Origin;
}

/** Everything that a file says. */
export interface DeclaredFlows {
  flows: FlowDocument[];
  declared: Declared[];
  references: Reference[];
  problems: FlowProblem[];
}

/** A key may be as long as the file. What leads to something stands in the first characters of its path. */
const MAX_PATH_CHARS = 1_000;

/** The path of what a path leads into; empty at the top. */
const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("."), path.lastIndexOf("["), 0));

/** The nearest thing around a path that has a place. */
function placeOf({ places }: FlowDocument, path: string): Place | undefined {
  const own = places.get(path);
  if (own) return own;
  for (let at = path.slice(0, MAX_PATH_CHARS); at !== ""; at = parentOf(at)) {
    const place = places.get(at);
    if (place) return place;
  }
  return places.get("");
}

/** What it is called is told to whoever wrote no. */
const TRUTH = "Use a boolean.";

/** @param path of the file */
export function problemAt(flow: FlowDocument, path: string, message: string): FlowProblem {
  const [line = null, column = null] = placeOf(flow, path) ?? [];
  const said = message === TRUTH ? "Write true or false: yes, no, on and off are texts here." : message;
  return { line, column, path, message: said };
}

/** The path in the file of what the API calls `path`; of what the file leaves out, the path of what it would stand in. */
function filePathOf({ at, paths }: Origin, path: string): string {
  for (let api = path.slice(0, MAX_PATH_CHARS); api !== ""; api = parentOf(api)) {
    const file = paths.get(api);
    if (file !== undefined) return file === "" ? at : `${at}.${file}`;
  }
  return at;
}

/** A mistake that the API would name, where it stands in the file. */
export const problemOf = (origin: Origin, { path, message }: FieldIssue): FlowProblem =>
  problemAt(origin.flow, filePathOf(origin, path), message);

/** The line of a field; null where the file leaves it out. */
export function lineOf({ flow, at, paths }: Origin, path: string): number | null {
  const file = path === "" ? at : paths.has(path) ? `${at}.${paths.get(path)}` : null;
  return file === null ? null : (flow.places.get(file)?.[0] ?? null);
}
