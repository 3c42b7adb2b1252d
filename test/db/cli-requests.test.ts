// Webhooks that a person keeps in a file or changes by hand: sent again through the front door, or in place of what an event brings.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { ResendEvent } from "#server/contracts/event.ts";
import { getEvent } from "#server/resources/events.ts";
import { resendEvent } from "#server/resources/resend-event.ts";
import { testSource } from "#server/resources/source-test.ts";
import { createSource } from "#server/resources/sources.ts";
import { type Cli, makeCli } from "#test/support/cli.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const SECRET = "whsec_stripe_prod";
const BODY = '{"id": "evt_kept", "type": "invoice.paid", "amount": 10000000000000000001}';

let world: World;
let cli: Cli;
beforeAll(async () => {
  world = await createWorld({ publicGatewayUrl: "own" });
  const key = newApiKey();
  const row = { key, name: "cli", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  cli = await makeCli({ SWITCHYARD_URL: world.doorUrl, SWITCHYARD_API_KEY: key });
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

let names = 0;
async function stripeTo(url: string) {
  names += 1;
  const source = await createSource(world.ctx, {
    name: `s-${names}`,
    type: "STRIPE",
    config: { auth: { secret: SECRET } },
  });
  const destination = { name: `d-${names}`, config: { url } };
  const connection = await world.connect({ name: `c-${names}`, source_id: source.id, destination });
  const timestamp = Math.floor(Date.now() / 1000) - 120;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: BODY, secret: SECRET, timestamp });
  const headers = { "content-type": "application/json", "stripe-signature": signature, "x-own": "kept" };
  const answer = await fetch(`${world.ingestUrl(source)}/paid?n=1`, { method: "POST", body: BODY, headers });
  expect(answer.status).toBe(200);
  const [event] = await eventually(
    () => world.events(connection.id),
    (events) => events[0]?.status === "DELIVERED",
  );
  return { source, connection, signature, event: event?.id ?? "", request: event?.request_id ?? "" };
}

test("a webhook that was saved in a file goes out again with a proof of today, and is delivered like any other", async () => {
  await using receiver = await startReceiver();
  const { request, signature } = await stripeTo(receiver.url);
  const file = join(cli.home, "invoice.json");
  expect(await cli.run(["fixture", "save", request, file])).toMatchObject({ code: 0 });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const fixture = JSON.parse(await readFile(file, "utf8"));
  expect(fixture).toMatchObject({ method: "POST", path: "/paid", query: "n=1", body: BODY });
  expect((await cli.run(["fixture", "save", request, file])).code).toBe(2);

  // The provider's id in it is a duplicate as it stands: another event.
  await writeFile(file, JSON.stringify({ ...fixture, body: BODY.replace("evt_kept", "evt_again") }));
  const sent = await cli.run(["fixture", "send", file, "--json"]);
  expect(JSON.parse(sent.out)).toMatchObject({ outcome: "accepted", is_signed: true, verification: "verified" });
  const [, again] = await receiver.received(2);
  expect(again).toMatchObject({ url: "/hook/paid?n=1", body: Buffer.from(BODY.replace("evt_kept", "evt_again")) });
  expect(again?.headers).toMatchObject({ "x-own": "kept", "x-switchyard-verified": "true" });
  expect(again?.headers["stripe-signature"]).not.toContain(signature.split(",v1=")[1]);
});

test("a file that is none, and a source that is another team's, are refused with a sentence", async () => {
  const file = join(cli.home, "none.json");
  await writeFile(file, "{}");
  expect(await cli.run(["fixture", "send", file])).toMatchObject({
    code: 2,
    err: expect.stringContaining("no fixture"),
  });
  const webhook = { method: "POST", path: "/", query: "", headers: [], body_base64: "" };
  await writeFile(file, JSON.stringify({ kind: "switchyard-fixture/1", source_id: "src_x", ...webhook }));
  expect((await cli.run(["fixture", "send", file])).code).toBe(1);
});

test("what is sent through the front door stays below its source, whatever path a file names", async () => {
  await using receiver = await startReceiver();
  const { source } = await stripeTo(receiver.url);
  for (const path of ["/../x", "/a/%2e%2e/%2E%2e/x", "/..", "/a\\..\\x", "//x"]) {
    const file = join(cli.home, "path.json");
    const webhook = { method: "POST", path, query: "", headers: [], body: "{}" };
    await writeFile(file, JSON.stringify({ kind: "switchyard-fixture/1", source_id: source.id, ...webhook }));
    const sent = await cli.run(["fixture", "send", file, "--json"]);
    if (path === "//x") expect(JSON.parse(sent.out)).toMatchObject({ outcome: "accepted" });
    else expect([sent.code, sent.err]).toEqual([1, expect.stringContaining("webhook.path")]);
  }
});

test("nobody passes for another address by the headers of a file", async () => {
  await using receiver = await startReceiver();
  const { source } = await stripeTo(receiver.url);
  const headers: [string, string][] = [
    ["X-Forwarded-For", "203.0.113.9"],
    ["Host", "evil.example"],
    ["content-length", "0"],
  ];
  const webhook = {
    method: "POST" as const,
    path: "/",
    query: "",
    headers,
    body_base64: Buffer.from("{}").toString("base64"),
  };
  const { answer } = await testSource(world.ctx, { id: source.id, route: false, webhook });
  expect(answer.outcome).toBe("accepted");
  const [stored] = await world.all<{ headers: [string, string][]; body_bytes: number }>(
    "select headers, body_bytes from request where id = $1",
    [answer.request_id],
  );
  expect(stored?.body_bytes).toBe(2);
  const names_ = stored?.headers.map(([name]) => name.toLowerCase()) ?? [];
  expect(names_).not.toContain("x-forwarded-for");
  expect(stored?.headers.find(([name]) => name.toLowerCase() === "host")?.[1]).not.toContain("evil");
});

test("an event is sent with what a person has made of it, and its copy says so", async () => {
  await using receiver = await startReceiver();
  const { event } = await stripeTo(receiver.url);
  const editor = join(cli.home, "editor.sh");
  await writeFile(
    editor,
    `#!/bin/sh\nsed -i 's/evt_kept/evt_edited/; s/^x-own: .*/x-own: changed/; s#^POST /paid#PUT /changed#' "$1"\n`,
    { mode: 0o700 },
  );
  const replayed = await cli.run(["replay", event, "--edit", "--json"], { env: { EDITOR: editor } });
  expect(replayed.err).toBe("");
  const copy = JSON.parse(replayed.out);
  const [, receipt] = await receiver.received(2);
  expect(receipt).toMatchObject({ method: "PUT", url: "/hook/changed?n=1" });
  expect(receipt?.body.toString()).toBe(BODY.replace("evt_kept", "evt_edited"));
  expect(receipt?.headers).toMatchObject({ "x-own": "changed", "webhook-id": copy.id });
  const { why } = await getEvent(world.ctx, { id: copy.id });
  expect(why[0]).toEqual({ step: "debug_copy", outcome: "edited", event_id: event });
  // The event itself is as it was.
  expect((await getEvent(world.ctx, { id: event })).path).toBe("/paid");

  await using local = await startReceiver({ status: 418 });
  const here = await cli.run(["replay", event, "--forward", new URL(local.url).host, "--json"]);
  expect(JSON.parse(here.out)).toMatchObject({ status: 418, error: null });
  expect(local.receipts[0]).toMatchObject({ url: "/paid?n=1", body: Buffer.from(BODY) });
});

test("Ctrl-C in an editor is for the editor alone", async () => {
  await using receiver = await startReceiver();
  const { event } = await stripeTo(receiver.url);
  const editor = join(cli.home, "interrupting.sh");
  const twice = "kill -INT $PPID; sleep 0.3; kill -INT $PPID; sleep 0.3";
  await writeFile(editor, `#!/bin/sh\n${twice}\nsed -i 's/evt_kept/evt_edited/' "$1"\n`, { mode: 0o700 });
  const replayed = await cli.start(["replay", event, "--edit", "--json"], { EDITOR: editor }).ended;
  expect([replayed.code, replayed.err]).toEqual([0, ""]);
  const [, receipt] = await receiver.received(2);
  expect(receipt?.body.toString()).toBe(BODY.replace("evt_kept", "evt_edited"));
});

test("an editor that fails sends nothing, and headers that would smuggle are refused", async () => {
  await using receiver = await startReceiver();
  const { event } = await stripeTo(receiver.url);
  const failed = await cli.run(["replay", event, "--edit"], { env: { EDITOR: "false" } });
  expect([failed.code, failed.err]).toEqual([2, expect.stringContaining("nothing was sent")]);
  const edited = { method: "POST", path: "/", query: "", headers: [["x-a", "b\r\nx-c: d"]], body_base64: "" };
  expect(ResendEvent.safeParse({ id: event, destination_id: "d", edited }).success).toBe(false);
  await expect(resendEvent(world.ctx, { id: event, destination_id: "des_x" })).rejects.toThrow(/no destination/);
  expect(receiver.receipts).toHaveLength(1);
});
