import { MAX_ISSUES } from "#server/errors/app-error.ts";
import { unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { type Operation, pathParameters } from "./operation.ts";

type Fields = Record<string, unknown>;

const BRACKETS = /^([^[\]]+)\[([^[\]]*)\]$/;

/** One more value for a name: several become an array. */
function add(fields: Map<string, unknown>, name: string, value: unknown, isList: boolean): void {
  const earlier = fields.get(name);
  if (Array.isArray(earlier)) earlier.push(value);
  else if (earlier !== undefined) fields.set(name, [earlier, value]);
  else fields.set(name, isList ? [value] : value);
}

/**
 * A query string as fields: `a=1&a=2` and `a[]=1&a[]=2` are lists, `date_range[start]=…` is an object.
 * Names are own properties whatever they are called.
 */
export function parseQueryString(text: string): Fields {
  const fields = new Map<string, unknown>();
  const groups = new Map<string, Map<string, unknown>>();
  for (const [name, value] of new URLSearchParams(text)) {
    const [, group, key] = BRACKETS.exec(name) ?? [];
    if (group === undefined || key === undefined) add(fields, name, value, false);
    else if (key === "") add(fields, group, value, true);
    else {
      const inner = groups.get(group) ?? new Map<string, unknown>();
      groups.set(group, inner);
      add(inner, key, value, false);
    }
  }
  for (const [name, inner] of groups) add(fields, name, Object.fromEntries(inner), false);
  return Object.fromEntries(fields);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function requireKnown(operation: Operation, query: Fields): void {
  const parameters = pathParameters(operation.path);
  const known =
    operation.method === "GET" ? Object.keys(operation.input.shape).filter((name) => !parameters.includes(name)) : [];
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const remedy = known.length > 0 ? `use ${known.join(", ")}` : "this operation takes none";
  const told = unknown.slice(0, MAX_ISSUES);
  const issues = told.map((path) => ({
    path,
    message: `There is no query parameter ${path.slice(0, 64)}: ${remedy}.`,
  }));
  throw unprocessable(issues, unknown.length);
}

/** Path parameters, query (of a GET) and JSON body as the one object that the operation's contract reads. */
export function mergeInput(operation: Operation, parts: { params: unknown; query: unknown; body: unknown }): Fields {
  const params = isFields(parts.params) ? parts.params : {};
  const query = isFields(parts.query) ? parts.query : {};
  requireKnown(operation, query);
  if (operation.method === "GET") return { ...query, ...params };
  const body = parts.body ?? {};
  if (!isFields(body)) throw wrongField("", "Send a JSON object as the body.");
  for (const [name, value] of Object.entries(params)) {
    if (Object.hasOwn(body, name) && body[name] !== value) {
      throw wrongField(name, `The URL says which resource is meant: leave ${name} out of the body.`);
    }
  }
  return { ...body, ...params };
}
