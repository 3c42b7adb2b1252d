// The OpenAPI 3.1 document, made from the same table and contracts that the API runs on.
import { BODY_EXAMPLES } from "./body-examples.ts";
import { ANSWER_HEADERS, answersOf, refusalComponents } from "./documented-answers.ts";
import { tagNamed } from "./field-words.ts";
import type { Json } from "./json-schema.ts";
import { type NamedOperation, type Operation, pathParameters } from "./operation.ts";
import { ErrorAnswer } from "./rest-errors.ts";
import { makeSchemas, type Schemas } from "./schemas.ts";
import { typeOf } from "./typescript-types.ts";

const tagOf = (path: string) => path.split("/")[1] ?? "";

/** Any JSON travels in a query as a text. Of `content` in the place of a schema two generators make anything, and do not send it as JSON. */
const JSON_TEXT = { type: "string", contentMediaType: "application/json" };

function parametersOf(operation: Operation, input: Json): Json[] {
  const inPath = pathParameters(operation.path);
  const properties = (input.properties ?? {}) as Record<string, Json>;
  const required = (input.required ?? []) as string[];
  const names = operation.method === "GET" ? Object.keys(properties) : inPath;
  return names.map((name) => {
    const { description, ...schema } = properties[name] ?? {};
    const place = inPath.includes(name) ? "path" : "query";
    const style = schema.type === "object" ? { style: "deepObject", explode: true } : {};
    const isRequired = place === "path" || required.includes(name);
    return {
      name,
      in: place,
      required: isRequired,
      ...(description !== undefined && { description }),
      ...style,
      schema: typeOf(schema) === "unknown" ? { ...schema, ...JSON_TEXT } : schema,
    };
  });
}

function bodyOf(operation: NamedOperation, input: Json): Json | undefined {
  if (operation.method === "GET") return undefined;
  const inPath = pathParameters(operation.path);
  const properties = Object.entries((input.properties ?? {}) as Json).filter(([name]) => !inPath.includes(name));
  if (properties.length === 0) return undefined;
  const required = ((input.required ?? []) as string[]).filter((name) => !inPath.includes(name));
  const schema = { ...input, properties: Object.fromEntries(properties), required };
  const example = BODY_EXAMPLES[operation.name];
  const content = { "application/json": { schema, ...(example && { example }) }, ...operation.alsoTakes?.content };
  return { required: required.length > 0, content };
}

const hasCursor = (input: Json) => "next" in ((input.properties ?? {}) as Json);

function wordsOf(operation: Operation, input: Json): string {
  const paging =
    "Answers one page. Its `pagination.next`, given as `next` in a further call, gets the page that follows; it is null on the last.";
  return `Needs the capability \`${operation.can}\`.${hasCursor(input) ? ` ${paging}` : ""}`;
}

function describe(operation: NamedOperation, schemas: Schemas): Json {
  const input = schemas.of(operation.input, "input");
  const parameters = [
    ...parametersOf(operation, input),
    ...(operation.alsoTakes?.parameters ?? []),
    { $ref: "#/components/parameters/TeamId" },
  ];
  const requestBody = bodyOf(operation, input);
  return {
    operationId: operation.name,
    summary: operation.summary,
    description: wordsOf(operation, input),
    tags: [tagOf(operation.path)],
    parameters,
    ...(requestBody && { requestBody }),
    responses: answersOf(operation, schemas),
  };
}

const COMPONENTS = {
  securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key, which begins with `sy_`." } },
  parameters: {
    TeamId: {
      name: "x-team-id",
      in: "header",
      required: false,
      description: "Chooses the team where the API key has several; must be one of them.",
      schema: { type: "string" },
    },
  },
};

/** @param serverUrl the base of the API, without `/v1` and without a trailing slash. */
export function openApiDocument(table: readonly NamedOperation[], serverUrl: string): Json {
  const schemas = makeSchemas();
  const paths: Record<string, Json> = {};
  schemas.of(ErrorAnswer, "output");
  for (const operation of table) {
    const path = `/v1${operation.path.replace(/:([a-z_]+)/g, "{$1}")}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Switchyard",
      version: "1",
      description:
        "A webhook event gateway: sources receive, connections route by rules, destinations deliver. A body may write the numbers, switches and lists of a filter as a URL does: in digits, as `true`, with commas between.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl, description: "This gateway" }],
    security: [{ apiKey: [] }],
    tags: [...new Set(table.map(({ path }) => tagOf(path)))].map(tagNamed),
    paths,
    components: {
      ...COMPONENTS,
      headers: ANSWER_HEADERS,
      responses: refusalComponents(),
      schemas: schemas.components,
    },
  };
}
