import { expect, test } from "vitest";
import { BODY_EXAMPLES } from "#server/api/body-examples.ts";
import type { Json } from "#server/api/json-schema.ts";
import { openApiDocument } from "#server/api/openapi.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { HTTP_STATUS } from "#server/api/rest-errors.ts";

const document = openApiDocument(ALL_OPERATIONS, "https://hooks.example.com") as {
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; description: string; responses: Json; parameters: Json[]; requestBody: { content: Json } }
    >
  >;
  components: { responses: Record<string, { content: Json }>; securitySchemes: Json };
  servers: Json[];
  security: Json[];
};
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const of = (id: string) => {
  const found = described.find(({ operationId }) => operationId === id);
  if (!found) throw new Error(`${id} is not in the document.`);
  return found;
};

test("an example of a body is one that its operation takes", () => {
  for (const [name, body] of Object.entries(BODY_EXAMPLES)) {
    const operation = ALL_OPERATIONS.find((each) => each.name === name);
    const inPath = operation?.path.includes(":id") ? { id: "id_1" } : {};
    expect(operation?.input.safeParse({ ...inPath, ...body }), name).toMatchObject({ success: true });
    expect(JSON.stringify(of(name)), name).toContain(JSON.stringify(body));
  }
});

test("every code of a refusal is described with a sentence, and stands at each operation that can answer it", () => {
  const codes = Object.values(document.components.responses).map(({ content }) => JSON.stringify(content));
  for (const code of [...Object.keys(HTTP_STATUS), "INTERNAL"])
    expect(
      codes.filter((text) => text.includes(`"${code}"`)),
      code,
    ).toHaveLength(1);
  const statuses = (id: string) => Object.keys(of(id).responses);
  expect(statuses("sources.list")).toEqual(["200", "400", "401", "403", "422", "429", "500", "503"]);
  expect(statuses("sources.get")).toContain("404");
  expect(statuses("sources.create")).toEqual([
    "201",
    "400",
    "401",
    "403",
    "404",
    "409",
    "413",
    "422",
    "429",
    "500",
    "503",
  ]);
});

test("a publish takes CloudEvents beside its own JSON, with the source in the query", () => {
  const { parameters, requestBody } = of("publish.events");
  expect(Object.keys(requestBody.content)).toEqual([
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
  ]);
  const placed = parameters.filter(({ name }) => name !== undefined).map(({ name, in: place }) => [name, place]);
  expect(placed).toEqual([
    ["source", "query"],
    ["Idempotency-Key", "header"],
  ]);
});

test("it says where the gateway is, which key a call needs, and how a list goes on", () => {
  expect(document.servers).toEqual([{ url: "https://hooks.example.com", description: "This gateway" }]);
  expect(document.security).toEqual([{ apiKey: [] }]);
  expect(document.components.securitySchemes).toMatchObject({ apiKey: { type: "http", scheme: "bearer" } });
  expect(of("events.list").description).toContain("pagination.next");
  expect(of("events.get").description).not.toContain("pagination.next");
  const body = of("events.list").parameters.find(({ name }) => name === "body");
  expect(body).toMatchObject({ in: "query", schema: { type: "string", contentMediaType: "application/json" } });
});
