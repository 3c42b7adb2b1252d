// One call of the API as bytes: how it is made of an operation, and how a person repeats it.
import type { Operation, Parameter } from "./document.ts";
import { toJson } from "./spoiled-value.ts";

export type Team = "ours" | "theirs";

export interface SentCall {
  team: Team;
  /** Null where the method and path are of no operation. */
  operation: Operation | null;
  method: string;
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** The body before it was written down; undefined where it was never one of JSON. */
  json?: unknown;
}

/** The parts of a call that fit the document, or nearly. */
export interface Parts {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Undefined: none is sent. */
  body: unknown;
}

const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** `encodeURIComponent` for any text: a lone surrogate goes as what stands for it. */
const encoded = (value: unknown) => encodeURIComponent(textOf(value).toWellFormed());

/** Whether the text of a path or a query is sent as it stands. */
const RAW = /^%(?:zz|c0%af|ff|2)$/i;
const inUrl = (value: unknown) => (RAW.test(textOf(value)) ? textOf(value) : encoded(value));

function queryPieces({ name, style }: Pick<Parameter, "name" | "style">, value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((each) => `${encoded(name)}=${inUrl(each)}`);
  if (style === "deepObject" && typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, inner]) => `${encoded(name)}[${encoded(key)}]=${inUrl(inner)}`);
  return [`${encoded(name)}=${inUrl(value)}`];
}

function targetOf(operation: Operation, { path, query }: Parts): string {
  const at = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => inUrl(path[name] ?? "") || "%00");
  const styles = new Map(operation.parameters.map(({ name, style }) => [name, style]));
  const pieces = Object.entries(query).flatMap(([name, value]) => {
    const style = styles.get(name);
    return queryPieces({ name, ...(style !== undefined && { style }) }, value);
  });
  return pieces.length > 0 ? `${at}?${pieces.join("&")}` : at;
}

export function callOf(team: Team, operation: Operation, parts: Parts, key: string): SentCall {
  const body = parts.body === undefined ? null : Buffer.from(toJson(parts.body));
  return {
    team,
    operation,
    method: operation.method,
    target: targetOf(operation, parts),
    headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
    body,
    ...(parts.body !== undefined && { json: parts.body }),
  };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const isText = (bytes: Buffer) => Buffer.from(bytes.toString()).equals(bytes) && !bytes.includes(0);

/** As a line for a shell; the key stands as `$KEY`. */
export function curlOf({ method, target, headers, body }: SentCall, origin: string): string {
  const named = Object.entries(headers).map(([name, value]) =>
    name === "authorization" && value.startsWith("Bearer sy_")
      ? `-H "authorization: Bearer $KEY"`
      : `-H ${quoted(`${name}: ${value}`)}`,
  );
  const data =
    body === null
      ? []
      : [
          isText(body)
            ? `--data-binary ${quoted(body.toString())}`
            : `--data-binary @<(echo ${body.toString("base64")} | base64 -d)`,
        ];
  return ["curl -si --path-as-is -g -X", method, quoted(`${origin}${target}`), ...named, ...data].join(" ");
}
