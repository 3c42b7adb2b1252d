// Which operations need the scope write. A new one fails here until it is listed: whatever changes, sends or computes needs it.
import { expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { ROUTE_TABLE } from "#server/api/route-table.ts";

const REST_READ = [
  "GET /sources",
  "GET /sources/:id",
  "GET /destinations",
  "GET /destinations/:id",
  "GET /connections",
  "GET /connections/:id",
  "GET /transformations",
  "GET /transformations/:id",
  "GET /transformations/:id/versions",
  "GET /requests",
  "GET /requests/:id",
  "GET /requests/:id/raw_body",
  "GET /requests/:request_id/events",
  "GET /requests/:request_id/ignored_events",
  "GET /events",
  "GET /events/:id",
  "GET /events/:id/raw_body",
  "GET /attempts",
  "GET /attempts/:id",
  "GET /metrics/requests",
  "GET /metrics/events",
  "GET /metrics/attempts",
  "GET /metrics/queue",
  "GET /api-keys",
  "GET /teams",
];
const REST_WRITE = [
  "POST /sources",
  "PUT /sources",
  "PATCH /sources/:id",
  "DELETE /sources/:id",
  "PUT /sources/:id/enable",
  "PUT /sources/:id/disable",
  "POST /sources/:id/rotate-secret",
  "POST /destinations",
  "PUT /destinations",
  "PATCH /destinations/:id",
  "DELETE /destinations/:id",
  "PUT /destinations/:id/enable",
  "PUT /destinations/:id/disable",
  "POST /destinations/:id/rotate-secret",
  "POST /connections",
  "PUT /connections",
  "PATCH /connections/:id",
  "DELETE /connections/:id",
  "PUT /connections/:id/enable",
  "PUT /connections/:id/disable",
  "PUT /connections/:id/pause",
  "PUT /connections/:id/unpause",
  "POST /transformations",
  "PUT /transformations",
  "PUT /transformations/run",
  "PATCH /transformations/:id",
  "DELETE /transformations/:id",
  "POST /requests/:id/retry",
  "POST /events/:id/retry",
  "PUT /events/:id/cancel",
  "POST /api-keys",
  "DELETE /api-keys/:id",
];
const TRPC_READ = [
  "apiKey.list",
  "attempt.get",
  "attempt.list",
  "connection.get",
  "connection.list",
  "destination.get",
  "destination.list",
  "event.get",
  "event.list",
  "metrics.attempts",
  "metrics.events",
  "metrics.queue",
  "metrics.requests",
  "overview.get",
  "request.events",
  "request.get",
  "request.ignoredEvents",
  "request.list",
  "source.get",
  "source.list",
  "team.list",
  "transformation.get",
  "transformation.list",
  "transformation.versions",
];
const TRPC_WRITE = [
  "apiKey.create",
  "apiKey.revoke",
  "connection.create",
  "connection.delete",
  "connection.disable",
  "connection.enable",
  "connection.pause",
  "connection.unpause",
  "connection.update",
  "connection.upsert",
  "destination.create",
  "destination.delete",
  "destination.disable",
  "destination.enable",
  "destination.rotateSecret",
  "destination.update",
  "destination.upsert",
  "event.cancel",
  "event.retry",
  "request.retry",
  "source.create",
  "source.delete",
  "source.disable",
  "source.enable",
  "source.rotateSecret",
  "source.update",
  "source.upsert",
  "transformation.create",
  "transformation.delete",
  "transformation.run",
  "transformation.update",
  "transformation.upsert",
];

test("every REST operation is listed with the scope that it needs", () => {
  const needing = (scope: string) =>
    ROUTE_TABLE.filter(({ needs }) => needs === scope).map(({ method, path }) => `${method} ${path}`);
  expect(needing("read").sort()).toEqual(REST_READ.toSorted());
  expect(needing("write").sort()).toEqual(REST_WRITE.toSorted());
});

test("every procedure is listed with the scope that it needs: a mutation needs write", () => {
  const procedures = Object.entries(appRouter._def.procedures) as unknown as [string, { _def: { type: string } }][];
  const ofType = (isRead: boolean) =>
    procedures.filter(([, { _def }]) => (_def.type === "query") === isRead).map(([name]) => name);
  expect(ofType(true).sort()).toEqual(TRPC_READ);
  expect(ofType(false).sort()).toEqual(TRPC_WRITE);
});

test("a reader is refused on every procedure that needs write, before its input is looked at", async () => {
  const reader = { scope: "read" } as never;
  const caller = appRouter.createCaller({ caller: () => reader });
  for (const name of TRPC_WRITE) {
    const [router = "", procedure = ""] = name.split(".");
    const call = (caller as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[router]?.[
      procedure
    ];
    await expect(call?.({ nonsense: true }), name).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
});
