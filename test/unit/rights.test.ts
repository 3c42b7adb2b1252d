// Which operation needs which capability. A new one fails here until it is listed: whatever changes, sends or computes needs one.
import { expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import { ROLES, SCOPES } from "#server/auth/roles.ts";
import { Capability, type Role } from "#server/contracts/capability.ts";
import { LEAST } from "#test/support/least-input.ts";

const READS = [
  "account.columns",
  "account.get",
  "apiKeys.list",
  "attempts.get",
  "attempts.histogram",
  "attempts.list",
  "audit.list",
  "audit.verify",
  "bulk.get",
  "bulk.list",
  "connections.get",
  "connections.list",
  "demo.get",
  "destinations.get",
  "destinations.groups",
  "destinations.list",
  "destinations.order",
  "endpoints.get",
  "endpoints.gone",
  "endpoints.list",
  "events.body",
  "events.failureDiff",
  "events.get",
  "events.histogram",
  "events.list",
  "events.rawBody",
  "flows.export",
  "flows.list",
  "guide.search",
  "invitations.list",
  "issues.count",
  "issues.get",
  "issues.list",
  "issues.rules",
  "issues.tryRule",
  "mailAddresses.get",
  "mailAddresses.list",
  "members.get",
  "members.list",
  "metrics.attempts",
  "metrics.backlog",
  "metrics.deadLetters",
  "metrics.eventTypes",
  "metrics.events",
  "metrics.queue",
  "metrics.requests",
  "notifications.get",
  "notifications.list",
  "notifications.results",
  "overview.attention",
  "overview.get",
  "requests.body",
  "requests.branches",
  "requests.events",
  "requests.get",
  "requests.histogram",
  "requests.ignoredEvents",
  "requests.list",
  "requests.planErasure",
  "requests.rawBody",
  "requests.ruleRequest",
  "requests.verification",
  "retention.export",
  "retention.get",
  "retention.plan",
  "sessions.list",
  "sources.example",
  "sources.get",
  "sources.list",
  "sources.samples",
  "sources.secretUses",
  "teams.get",
  "teams.list",
  "topology.get",
  "transformations.get",
  "transformations.list",
  "transformations.usage",
  "transformations.versions",
  "tunnels.get",
  "tunnels.list",
  "versions.followed",
  "versions.get",
  "versions.list",
  "views.list",
];
const WRITES: Record<string, Capability> = {
  "account.chooseColumns": "account.manage",
  "apiKeys.create": "keys.manage",
  "apiKeys.revoke": "keys.manage",
  "bulk.cancel": "events.retry",
  "bulk.cancelEvents": "events.cancel",
  "bulk.change": "events.retry",
  "bulk.planEventsCancel": "events.cancel",
  "bulk.planEventsRetry": "events.retry",
  "bulk.planReplay": "events.retry",
  "bulk.planRequestsRetry": "events.retry",
  "bulk.replay": "events.retry",
  "bulk.retryEvents": "events.retry",
  "bulk.retryRequests": "events.retry",
  "connections.create": "connection.write",
  "connections.delete": "resources.delete",
  "connections.disable": "connection.write",
  "connections.dryRun": "transformation.run",
  "connections.dryRunSource": "transformation.run",
  "connections.enable": "connection.write",
  "connections.pause": "connection.pause",
  "connections.unpause": "connection.pause",
  "connections.update": "connection.write",
  "connections.upsert": "connection.write",
  "demo.load": "resources.delete",
  "demo.remove": "resources.delete",
  "destinations.breaker": "destination.write",
  "destinations.check": "destination.write",
  "destinations.checkSignature": "destination.write",
  "destinations.create": "destination.write",
  "destinations.delete": "resources.delete",
  "destinations.disable": "destination.write",
  "destinations.duplicate": "destination.write",
  "destinations.enable": "destination.write",
  "destinations.pauseGroup": "destination.write",
  "destinations.resumeGroup": "destination.write",
  "destinations.rotateSecret": "secrets.rotate",
  "destinations.update": "destination.write",
  "destinations.upsert": "destination.write",
  "endpoints.create": "connection.write",
  "endpoints.delete": "resources.delete",
  "endpoints.renew": "connection.write",
  "endpoints.update": "connection.write",
  "endpoints.verify": "destination.write",
  "events.cancel": "events.cancel",
  "events.resend": "events.retry",
  "events.retry": "events.retry",
  "flows.applyFile": "connection.write",
  "flows.forget": "resources.delete",
  "flows.plan": "data.read",
  "invitations.create": "members.manage",
  "invitations.revoke": "members.manage",
  "issues.resolve": "issues.manage",
  "issues.snooze": "issues.manage",
  "issues.updateRules": "issues.manage",
  "issues.wake": "issues.manage",
  "members.leave": "account.manage",
  "mailAddresses.ask": "connection.write",
  "mailAddresses.confirm": "connection.write",
  "mailAddresses.delete": "connection.write",
  "members.remove": "members.manage",
  "members.update": "members.manage",
  "notifications.create": "connection.write",
  "notifications.test": "connection.write",
  "notifications.update": "connection.write",
  "publish.events": "event.publish",
  "requests.erase": "payload.erase",
  "requests.retry": "events.retry",
  "retention.update": "team.manage",
  "routes.put": "connection.write",
  "sessions.revoke": "account.manage",
  "sessions.revokeOthers": "account.manage",
  "sources.create": "source.write",
  "sources.delete": "resources.delete",
  "sources.disable": "source.write",
  "sources.duplicate": "source.write",
  "sources.enable": "source.write",
  "sources.rotateSecret": "secrets.rotate",
  "sources.system": "source.write",
  "sources.test": "source.write",
  "sources.update": "source.write",
  "sources.upsert": "source.write",
  "teams.create": "team.own",
  "teams.update": "team.manage",
  "transformations.create": "transformation.write",
  "transformations.delete": "resources.delete",
  "transformations.dryRun": "transformation.run",
  "transformations.duplicate": "transformation.write",
  "transformations.restore": "transformation.write",
  "transformations.run": "transformation.run",
  "transformations.update": "transformation.write",
  "transformations.upsert": "transformation.write",
  "tunnels.answer": "connection.write",
  "tunnels.end": "connection.write",
  "tunnels.next": "connection.write",
  "tunnels.open": "connection.write",
  "versions.planRestore": "connection.write",
  "versions.restore": "connection.write",
  "views.create": "view.write",
  "views.delete": "view.write",
  "views.update": "view.write",
};

const of = (effect: string) => ALL_OPERATIONS.filter((operation) => operation.effect === effect);
const without = (capability: Capability) => new Set(Capability.options.filter((each) => each !== capability));
/** A caller for whom everything but the question of rights breaks. */
const caller = (can: ReadonlySet<Capability>, kind = "api_key") =>
  ({ can, teamId: "tm_x", actor: { kind, id: "x" } }) as unknown as Ctx;

test("every operation is listed with the capability that it needs, and only a GET or the plan of a file needs none but to read", () => {
  expect(
    of("read")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(READS);
  const needed = of("write").map(({ name, can }) => [name, can]);
  expect(Object.fromEntries(needed)).toEqual(WRITES);
  for (const { effect, method } of ALL_OPERATIONS) expect(effect === "read").toBe(method === "GET");
  const guarded = of("read").filter(({ can }) => can !== "data.read");
  expect(Object.fromEntries(guarded.map(({ name, can }) => [name, can]))).toEqual({
    "account.columns": "account.manage",
    "account.get": "account.manage",
    "audit.list": "audit.read",
    "audit.verify": "audit.read",
    "invitations.list": "members.manage",
    "sessions.list": "account.manage",
  });
});

test("every operation that answers JSON is a procedure of its name: a query where it reads, else a mutation", () => {
  const procedures = Object.entries(appRouter._def.procedures) as unknown as [string, { _def: { type: string } }][];
  const expected = ALL_OPERATIONS.filter(({ kind }) => kind === "json").map(
    ({ name, effect }) => [name, effect === "read" ? "query" : "mutation"] as const,
  );
  expect(Object.fromEntries(procedures.map(([name, { _def }]) => [name, _def.type]))).toEqual({
    ...Object.fromEntries(expected),
    "live.changes": "subscription",
  });
});

test("whoever lacks the one capability is refused on the procedure, before the input is looked at", async () => {
  for (const [name, capability] of Object.entries(WRITES)) {
    const procedures = appRouter.createCaller({ caller: () => caller(without(capability)) });
    const [resource = "", key = ""] = name.split(".");
    const call = (procedures as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[
      resource
    ]?.[key];
    await expect(call?.({ nonsense: true }), name).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining(`the capability ${capability}:`),
    });
  }
});

test("a verb demands the capability that its operation names, whichever way it is called", async () => {
  for (const { name, can, run } of of("write")) {
    const input = LEAST[name] ?? { id: "x" };
    await expect(run(caller(without(can)), input), name).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(run(caller(new Set([can]), "user"), input), name).rejects.not.toMatchObject({ code: "FORBIDDEN" });
  }
});

test("each role has every capability of the one before it and more; a viewer changes nothing but their own, a key that reads nothing", () => {
  const ascending: Role[] = ["viewer", "member", "admin", "owner"];
  for (const [i, role] of ascending.entries()) {
    const before = ascending[i - 1];
    if (before === undefined) continue;
    expect([...ROLES[before]].filter((capability) => !ROLES[role].has(capability))).toEqual([]);
    expect(ROLES[role].size).toBeGreaterThan(ROLES[before].size);
  }
  for (const can of [ROLES.viewer, SCOPES.read]) {
    const held = Object.entries(WRITES).filter(([, capability]) => can.has(capability));
    expect(held.filter(([, capability]) => capability !== "account.manage")).toEqual([["flows.plan", "data.read"]]);
  }
  for (const scope of Object.values(SCOPES)) {
    expect([scope.has("team.own"), scope.has("account.manage")]).toEqual([false, false]);
  }
});
