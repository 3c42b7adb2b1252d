// Which operations need the right to write. A new one fails here until it is listed: whatever changes, sends or computes needs it.
import { expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { type Ctx, requireWrite } from "#server/auth/ctx.ts";

const READS = [
  "apiKeys.list",
  "attempts.get",
  "attempts.list",
  "connections.get",
  "connections.list",
  "destinations.get",
  "destinations.list",
  "events.get",
  "events.list",
  "events.rawBody",
  "metrics.attempts",
  "metrics.events",
  "metrics.queue",
  "metrics.requests",
  "overview.get",
  "requests.events",
  "requests.get",
  "requests.ignoredEvents",
  "requests.list",
  "requests.rawBody",
  "sources.get",
  "sources.list",
  "teams.list",
  "transformations.get",
  "transformations.list",
  "transformations.versions",
];
const WRITES = [
  "apiKeys.create",
  "apiKeys.revoke",
  "connections.create",
  "connections.delete",
  "connections.disable",
  "connections.enable",
  "connections.pause",
  "connections.unpause",
  "connections.update",
  "connections.upsert",
  "destinations.create",
  "destinations.delete",
  "destinations.disable",
  "destinations.enable",
  "destinations.rotateSecret",
  "destinations.update",
  "destinations.upsert",
  "events.cancel",
  "events.retry",
  "requests.retry",
  "sources.create",
  "sources.delete",
  "sources.disable",
  "sources.enable",
  "sources.rotateSecret",
  "sources.update",
  "sources.upsert",
  "transformations.create",
  "transformations.delete",
  "transformations.run",
  "transformations.update",
  "transformations.upsert",
];

const namesOf = (effect: string) =>
  ALL_OPERATIONS.filter((operation) => operation.effect === effect)
    .map(({ name }) => name)
    .sort();

test("every operation is listed with the right that it needs, and only a GET needs none to write", () => {
  expect(namesOf("read")).toEqual(READS);
  expect(namesOf("write")).toEqual(WRITES);
  for (const { effect, method } of ALL_OPERATIONS) expect(effect === "read").toBe(method === "GET");
});

test("every operation that answers JSON is a procedure of its name: a query where it reads, else a mutation", () => {
  const procedures = Object.entries(appRouter._def.procedures) as unknown as [string, { _def: { type: string } }][];
  const expected = ALL_OPERATIONS.filter(({ kind }) => kind === "json").map(
    ({ name, effect }) => [name, effect === "read" ? "query" : "mutation"] as const,
  );
  expect(Object.fromEntries(procedures.map(([name, { _def }]) => [name, _def.type]))).toEqual(
    Object.fromEntries(expected),
  );
});

test("a reader is refused on every procedure that needs write, before its input is looked at", async () => {
  const reader = { scope: "read", actor: { kind: "api_key", id: "key_reader" } } as never;
  const caller = appRouter.createCaller({ caller: () => reader }) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  for (const name of WRITES) {
    const [resource = "", key = ""] = name.split(".");
    await expect(caller[resource]?.[key]?.({ nonsense: true }), name).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
});

test.each([
  ["api_key", "This API key may only read; use one with the scope write."],
  ["local_operator", "The dashboard may only read here; use an API key with the scope write."],
] as const)("a reader by %s is told what is true of it", (kind, message) => {
  const reader = { scope: "read", actor: { kind, id: "x" } } as unknown as Ctx;
  expect(() => requireWrite(reader)).toThrow(message);
});
