// A session of `switchyard listen` beside another of its name, and before a local server that takes its time.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { readTarget } from "#server/cli/forward.ts";
import { type Happening, runSession } from "#server/cli/listen.ts";
import { createSource } from "#server/resources/sources.ts";
import { getTunnel, openTunnel } from "#server/resources/tunnels.ts";
import { createClient, type Switchyard } from "#server/sdk/switchyard.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
let client: Switchyard;
beforeAll(async () => {
  world = await createWorld();
  const apiKey = newApiKey();
  const row = { key: apiKey, name: "cli", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  client = createClient({ url: world.doorUrl, apiKey });
});
afterAll(() => world[Symbol.asyncDispose]());

async function listen(name: string, port: number) {
  const source = await createSource(world.ctx, { name: `source-of-${name}` });
  const stop = new AbortController();
  const listening = Promise.withResolvers<string>();
  const told: Happening[] = [];
  const ended = runSession({
    ...{ client, name, id: randomBytes(16).toString("hex"), sources: [source.name], only: {} },
    ...{ target: readTarget(String(port)), timeoutMs: 120_000, atOnce: 1, stop: stop.signal },
    tell(happening) {
      told.push(happening);
      if (happening.kind === "listening") listening.resolve(happening.id);
    },
  });
  return { source, id: await listening.promise, ended, told, stop };
}

test.concurrent("a listener whose server is busy with all that it gets keeps its place, and ends soon after Ctrl-C", async () => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => resolve(response));
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const { source, id, ended, told, stop } = await listen("slow", (server.address() as AddressInfo).port);
  await fetch(world.ingestUrl(source), { method: "POST", body: "{}" });
  const response = await asked;
  const isGone = once(response, "close");
  const ago = new Date(Date.now() - 3_600_000);
  await world.pool.query("update tunnel set seen_at = $2 where destination_id = $1", [id, ago]);
  await eventually(
    () => getTunnel(world.ctx, { id }),
    ({ is_connected }) => is_connected,
    10_000,
  );
  stop.abort();
  await ended;
  await isGone;
  expect(told.at(-1)).toEqual({ kind: "ended", isClean: true });
  await new Promise((done) => server.close(done));
});

test.concurrent("a listener whose place another has taken says so, and leaves that one alone", async () => {
  const { id, source, ended, told } = await listen("shared", 9);
  const session = randomBytes(16).toString("hex");
  const refused = expect(ended).rejects.toThrow(/has taken this one's place/);
  await eventually(
    () => world.pool.query("update lane set holder = 'cli:' || $2 where destination_id = $1", [id, session]),
    ({ rowCount }) => rowCount === 1,
  );
  await world.pool.query("update tunnel set seen_at = $2 where destination_id = $1", [id, new Date(0)]);
  await openTunnel(world.ctx, { name: "shared", session, sources: [source.name] });
  await refused;
  expect(await getTunnel(world.ctx, { id })).toMatchObject({ id, name: "shared" });
  expect(told.map(({ kind }) => kind)).toEqual(["listening"]);
});
