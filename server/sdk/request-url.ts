// The URL of a call: path parameters and query, spelt as the gateway reads them.

export interface OperationRow {
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  pathParameters: readonly string[];
  queryParameters: readonly string[];
  jsonParameters: readonly string[];
  bodyParameters: readonly string[];
  textParameters: readonly string[];
  answer: "json" | "page" | "bytes";
}

export type Fields = Record<string, unknown>;

/**
 * The path and the query of a call; on a GET every field that is no path parameter goes into the query.
 * @throws TypeError where a path parameter is missing, or would lead to another path
 */
export function pathAndQuery(operation: OperationRow, input: Fields): string {
  const path = operation.path.replace(/:([a-z_]+)/g, (_all, name: string) => segment(operation, name, input[name]));
  if (operation.method !== "GET") return path;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (!operation.pathParameters.includes(name)) append(query, name, value, operation.jsonParameters.includes(name));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** A URL resolves dots as steps between paths, also where they are percent-encoded: such a parameter is refused. */
function segment(operation: OperationRow, name: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value === "." || value === "..")
    throw new TypeError(`${operation.id} needs ${name}: give the id as a text.`);
  return encodeURIComponent(value);
}

function append(query: URLSearchParams, name: string, value: unknown, isJson: boolean): void {
  if (value === undefined || value === null) return;
  if (isJson) query.append(name, JSON.stringify(value));
  else if (Array.isArray(value)) {
    // `name[]` is a list also where it has one item, which itself holds a comma.
    for (const item of value) query.append(`${name}[]`, String(item));
  } else if (typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) append(query, `${name}[${key}]`, inner, false);
  } else query.append(name, String(value));
}

/** The body of a call, or undefined where it has none. */
export function bodyOf(operation: OperationRow, input: Fields): string | undefined {
  if (operation.method === "GET") return undefined;
  const fields = Object.entries(input).filter(([name]) => !operation.pathParameters.includes(name));
  return operation.bodyParameters.length === 0 && fields.length === 0
    ? undefined
    : JSON.stringify(Object.fromEntries(fields));
}
