import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { ROLES } from "#server/auth/roles.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { createConnection, pauseConnection, upsertConnection } from "#server/resources/connections.ts";
import { deleteSource } from "#server/resources/sources.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const asking = (...can: Capability[]): Ctx => ({
  app: api.app,
  teamId: api.teamId,
  actor: { kind: "api_key", id: "key_test" },
  can: new Set(can),
});
const inline = (name: string) => ({
  name,
  source: { name: `${name}-source` },
  destination: { name: `${name}-destination`, config: { url: "https://example.com/hook" } },
});

describe("a capability", () => {
  test.each([
    ["creates", createConnection],
    ["upserts", upsertConnection],
  ] as const)("to write connections %s no inline ends", async (_word, verb) => {
    for (const missing of ["source", "destination"] as const) {
      const held = missing === "source" ? "destination.write" : "source.write";
      await expect(verb(asking("connection.write", held), inline("narrow"))).rejects.toMatchObject({
        code: "FORBIDDEN",
        message: expect.stringContaining(`${missing}.write`),
      });
    }
    expect(await api.db.source.count({ where: { name: "narrow-source" } })).toBe(0);
    expect(await api.db.destination.count({ where: { name: "narrow-destination" } })).toBe(0);
  });

  test("to pause pauses, and changes nothing else", async () => {
    const made = await createConnection(
      asking("connection.write", "source.write", "destination.write"),
      inline("paused"),
    );
    expect((await pauseConnection(asking("connection.pause"), made)).paused_at).not.toBeNull();
    await expect(createConnection(asking("connection.pause"), inline("other"))).rejects.toThrow(/connection\.write/);
  });

  test("to delete is an admin's and not a member's", async () => {
    const made = await api.post("/v1/sources", { name: "kept" });
    const as = (can: Ctx["can"]) => ({ ...asking(), can });
    await expect(deleteSource(as(ROLES.member), made.body)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await deleteSource(as(ROLES.admin), made.body)).toEqual({ id: made.body.id });
  });
});

describe("a team", () => {
  test("is renamed by an admin who acts for it, and the log says from what", async () => {
    const [ours, other] = [await api.makeTeam("before"), await api.makeTeam("other")];
    const key = await api.makeKey([ours, other]);
    const rename = (id: string, name: unknown, asker = key) =>
      api.patch(`/v1/teams/${id}`, { name }, { key: asker, team: ours });
    expect((await rename(ours, " after ")).body).toMatchObject({ id: ours, name: "after" });
    expect((await rename(ours, " ")).status).toBe(422);
    expect((await rename(other, "taken")).status).toBe(404);
    expect((await rename(ours, "x", await api.makeKey([ours], "read"))).status).toBe(403);
    const { body } = await api.get("/v1/audit?resource_kind=team", { key, team: ours });
    expect(body.data).toMatchObject([{ action: "update", before: { name: "before" }, after: { name: "after" } }]);
    expect(await api.db.team.findUniqueOrThrow({ where: { id: other } })).toMatchObject({ name: "other" });
  });
});
