// The OpenAPI document as the contract run reads it: nothing else tells the run what the API takes and answers.
export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
  default?: unknown;
  contentEncoding?: string;
  contentMediaType?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  style?: string;
  schema: Schema;
}

interface Response {
  $ref?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, { schema: Schema }>;
}

interface DocumentedOperation {
  operationId: string;
  description: string;
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, Response>;
}

export interface OpenApi {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    parameters: Record<string, Parameter>;
  };
}

export interface Answerable {
  /** The names of headers that it must have. */
  headers: string[];
  isJson: boolean;
  /** Where its schema stands in the document, as a JSON pointer; empty where it is not JSON. */
  pointer: string;
}

export interface Operation {
  /** As `sources.create`. */
  name: string;
  method: string;
  /** With `{name}` for parameters. */
  path: string;
  /** The first part of the path: the kind of resource. */
  resource: string;
  parameters: Parameter[];
  /** Null where the operation takes no body. */
  body: { schema: Schema; pointer: string; example: unknown } | null;
  answers: Map<number, Answerable>;
  /** The status of its success. */
  success: number;
  /** Only a person may call it, so a key never gets a success. */
  isPersonal: boolean;
}

const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");
const pointerTo = (...parts: (string | number)[]) => `#/${parts.map((part) => escaped(String(part))).join("/")}`;

/** What people alone do: keys have neither capability. */
const PERSONAL = /capability `(?:account\.manage|team\.own)`/;

const segmentOf = (path: string): string => path.split("/")[2] ?? "";

function answerableOf(document: OpenApi, given: Response, at: string): Answerable {
  const name = given.$ref?.split("/").at(-1);
  const response = name === undefined ? given : document.components.responses[name];
  if (!response) throw new Error(`${given.$ref} leads nowhere.`);
  const place = name === undefined ? at : pointerTo("components", "responses", name);
  const isJson = response.content?.["application/json"] !== undefined;
  const pointer = isJson ? `${place}/content/${escaped("application/json")}/schema` : "";
  return { headers: Object.keys(response.headers ?? {}), isJson, pointer };
}

function operationOf(document: OpenApi, path: string, method: string, given: DocumentedOperation): Operation {
  const parameters = given.parameters.flatMap((each) => ("$ref" in each ? [] : [each]));
  const json = given.requestBody?.content["application/json"];
  const pointer = pointerTo("paths", path, method, "requestBody", "content", "application/json", "schema");
  const answers = new Map(
    Object.entries(given.responses).map(([status, response]) => [
      Number(status),
      answerableOf(document, response, pointerTo("paths", path, method, "responses", status)),
    ]),
  );
  const success = [...answers.keys()].find((status) => status < 300);
  if (success === undefined) throw new Error(`${given.operationId} has no success in the document.`);
  return {
    name: given.operationId,
    method: method.toUpperCase(),
    path,
    resource: segmentOf(path),
    parameters,
    body: json ? { schema: json.schema, pointer, example: json.example } : null,
    answers,
    success,
    isPersonal: PERSONAL.test(given.description),
  };
}

export const operationsOf = (document: OpenApi): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, given]) => operationOf(document, path, method, given)),
  );

/** The schema itself, where `schema` refers to one; without any demand where it is `true` or `false`. */
export function resolved(document: OpenApi, schema: Schema | boolean): Schema {
  if (typeof schema === "boolean") return {};
  const name = schema.$ref?.split("/").at(-1);
  const found = name === undefined ? schema : document.components.schemas[name];
  if (!found) throw new Error(`${schema.$ref} leads nowhere.`);
  return found;
}
