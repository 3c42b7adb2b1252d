// The OpenAPI 3.1 document, made from the same table and contracts that the API runs on.
import { type NamedOperation, type Operation, pathParameters } from "./operation.ts";
import { ErrorAnswer } from "./rest-errors.ts";
import { type Json, makeSchemas, type Schemas } from "./schemas.ts";

const tagOf = (path: string) => path.split("/")[1] ?? "";

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
      schema,
    };
  });
}

function bodyOf(operation: Operation, input: Json): Json | undefined {
  if (operation.method === "GET") return undefined;
  const inPath = pathParameters(operation.path);
  const properties = Object.entries((input.properties ?? {}) as Json).filter(([name]) => !inPath.includes(name));
  if (properties.length === 0) return undefined;
  const required = ((input.required ?? []) as string[]).filter((name) => !inPath.includes(name));
  const schema = { ...input, properties: Object.fromEntries(properties), required };
  return { required: required.length > 0, content: { "application/json": { schema } } };
}

const error = (description: string) => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorAnswer" } } },
});

function answersOf(operation: Operation, schemas: Schemas): Json {
  const content =
    operation.kind === "raw"
      ? { "application/octet-stream": { schema: { type: "string", format: "binary" } } }
      : { "application/json": { schema: schemas.of(operation.output, "output") } };
  return {
    [operation.status]: {
      description: operation.kind === "raw" ? "The bytes, with their content type" : "Done",
      content,
    },
    "4XX": error("A mistake of the caller; `message` names the field and the remedy"),
    "5XX": error("Not the caller's mistake; 503 says with Retry-After when to try again"),
  };
}

function describe(operation: NamedOperation, schemas: Schemas): Json {
  const input = schemas.of(operation.input, "input");
  const parameters = [...parametersOf(operation, input), { $ref: "#/components/parameters/TeamId" }];
  const requestBody = bodyOf(operation, input);
  return {
    operationId: operation.name,
    summary: operation.summary,
    description: `Needs the capability \`${operation.can}\`.`,
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
      description: "A webhook event gateway: sources receive, connections route by rules, destinations deliver.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    tags: [...new Set(table.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: { ...COMPONENTS, schemas: schemas.components },
  };
}
