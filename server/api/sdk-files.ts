// The files of the SDK that are written from the table of operations: the table as its client needs it, and the types.
import type { Json } from "./json-schema.ts";
import { type NamedOperation, pathParameters } from "./operation.ts";
import { makeSchemas } from "./schemas.ts";
import { docOf, typeOf } from "./typescript-types.ts";

const PAGES = `export interface Page<T> {
  data: T[];
  pagination: Pagination;
  count?: number | undefined;
}

/** The first page as a promise; \`for await\` goes through the items of this page and of all that follow. */
export type Pages<T> = Promise<Page<T>> & AsyncIterable<T>;
`;

const WRITTEN = "// Written by `npm run sdk` from the table of operations.";

/** @returns the file by its path: the whole of it */
export function sdkFiles(table: readonly NamedOperation[]): Record<string, string> {
  const described = describe(table);
  return {
    "server/sdk/operations.ts": operationsFile(described),
    "server/sdk/types.ts": typesFile(described),
  };
}

interface Described {
  operations: OperationTypes[];
  components: Record<string, Json>;
}

interface OperationTypes {
  operation: NamedOperation;
  resource: string;
  key: string;
  input: Json;
  /** Undefined where bytes are answered. */
  output: Json | undefined;
  /** The schema of one item, where a page is answered. */
  item: Json | undefined;
}

const propertiesOf = (schema: Json) => (schema.properties ?? {}) as Record<string, Json>;

function describe(table: readonly NamedOperation[]): Described {
  const schemas = makeSchemas();
  const operations = table.map((operation) => {
    const [resource = "", key = ""] = operation.name.split(".");
    const output = operation.kind === "json" ? schemas.of(operation.output, "output") : undefined;
    const input = schemas.of(operation.input, "input");
    return { operation, resource, key, input, output, item: output && itemOf(output) };
  });
  return { operations, components: schemas.components };
}

function itemOf(output: Json): Json | undefined {
  const { data, pagination } = propertiesOf(output);
  return pagination ? (data?.items as Json | undefined) : undefined;
}

const grouped = ({ operations }: Described) => Object.entries(Object.groupBy(operations, ({ resource }) => resource));

function operationsFile(described: Described): string {
  const groups = grouped(described).map(([resource, operations = []]) => {
    const rows = operations.map((one) => `    ${one.key}: ${JSON.stringify(rowOf(one, described.components))},`);
    return [`  ${resource}: {`, ...rows, "  },"].join("\n");
  });
  return [WRITTEN, "", "export const OPERATIONS = {", ...groups, "} as const;", ""].join("\n");
}

const isAnyJson = (schema: Json | undefined) => schema !== undefined && typeOf(schema) === "unknown";

/** Whether a value is a text, as it stands or as one of several. */
function isText(schema: Json | undefined, components: Record<string, Json>): boolean {
  if (typeof schema?.$ref === "string") return isText(components[schema.$ref.split("/").at(-1) ?? ""], components);
  const several = (schema?.anyOf ?? schema?.oneOf) as Json[] | undefined;
  if (several) return several.every((each) => each.type === "null" || isText(each, components));
  return [schema?.type].flat().every((type) => type === "string" || type === "null") && schema?.type !== undefined;
}

/** One operation as a client reads it, with the names of its parameters by where they are sent; `jsonParameters` are those of the query that are written as JSON, `textParameters` those
 * that are texts, which a command line takes as they are typed. */
function rowOf({ operation, input, output, item }: OperationTypes, components: Record<string, Json>) {
  const { name, method, path, summary, effect } = operation;
  const inPath = pathParameters(path);
  const others = Object.keys(propertiesOf(input)).filter((each) => !inPath.includes(each));
  const isRead = method === "GET";
  return {
    id: name,
    method,
    path: `/v1${path}`,
    effect,
    summary,
    pathParameters: inPath,
    queryParameters: isRead ? others : [],
    jsonParameters: isRead ? others.filter((each) => isAnyJson(propertiesOf(input)[each])) : [],
    bodyParameters: isRead ? [] : others,
    textParameters: others.filter((each) => isText(propertiesOf(input)[each], components)),
    answer: item ? "page" : output ? "json" : "bytes",
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const namedAs = ({ resource, key }: OperationTypes, what: string) => `${capital(resource)}${capital(key)}${what}`;

/** The name of a schema that is written where it is used. */
const nameOf = (schema: Json, name: string) => (typeof schema.$ref === "string" ? typeOf(schema) : name);

function typesFile(described: Described): string {
  const components = Object.entries(described.components).map(([name, schema]) => declared(name, schema));
  const inline = described.operations.flatMap((one) => {
    const answered = one.item ?? one.output;
    const isNamed = answered === undefined || typeof answered.$ref === "string";
    return [
      ...(hasNamedInput(one) ? [declared(namedAs(one, "Input"), one.input)] : []),
      ...(isNamed ? [] : [declared(namedAs(one, one.item ? "Item" : "Output"), answered)]),
    ];
  });
  return [
    WRITTEN,
    'import type { CallOptions } from "./call.ts";',
    "",
    PAGES,
    clientType(described),
    ...components,
    ...inline,
  ].join("\n");
}

/** An id alone, or nothing, needs no name. */
const hasNamedInput = ({ input }: OperationTypes) => Object.keys(propertiesOf(input)).some((name) => name !== "id");

function declared(name: string, schema: Json): string {
  const type = typeOf(schema);
  const doc = docOf(schema.description, "");
  return schema.type === "object" && type.startsWith("{")
    ? `${doc}export interface ${name} ${type}\n`
    : `${doc}export type ${name} = ${type};\n`;
}

function clientType(described: Described): string {
  const groups = grouped(described).map(([resource, operations = []]) => {
    const calls = operations.map((one) => `${docOf(`${one.operation.summary}.`, "    ")}    ${callType(one)}`);
    return [`  ${resource}: {`, ...calls, "  };"].join("\n");
  });
  return ["/** A client: one call for each operation. */", "export interface Switchyard {", ...groups, "}", ""].join(
    "\n",
  );
}

const NOTHING = "Record<string, never>";

function callType(one: OperationTypes): string {
  const isOptional = !Array.isArray(one.input.required) || one.input.required.length === 0;
  const type = hasNamedInput(one)
    ? namedAs(one, "Input")
    : "id" in propertiesOf(one.input)
      ? "{ id: string }"
      : NOTHING;
  return `${one.key}(input${isOptional ? "?" : ""}: ${type}, options?: CallOptions): ${answerType(one)};`;
}

function answerType(one: OperationTypes): string {
  if (one.item) return `Pages<${nameOf(one.item, namedAs(one, "Item"))}>`;
  return one.output ? `Promise<${nameOf(one.output, namedAs(one, "Output"))}>` : "Promise<Blob>";
}
