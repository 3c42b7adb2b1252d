// What a team has elsewhere, brought here from files as these systems' APIs answer, by the command line. Webhooks then
// arrive at real receivers, with the signatures and keys that they had.
import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { newId } from "#server/ids.ts";
import { createClient, type Switchyard, verifyWebhook } from "#server/sdk/switchyard.ts";
import { type Cli, makeCli } from "#test/support/cli.ts";
import { type Receipt, type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let cli: Cli;
let receiver: Receiver;
let dir: string;
beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
  cli = await makeCli({ SWITCHYARD_URL: world.doorUrl });
  dir = await mkdtemp(join(tmpdir(), "switchyard-import-"));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await cli[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** An export of test/db/exports whose receivers are ours. */
async function exported(...names: string[]): Promise<string[]> {
  const origin = new URL(receiver.url).origin;
  const files: string[] = [];
  for (const name of names) {
    const text = await readFile(join(import.meta.dirname, "exports", name), "utf8");
    files.push(join(dir, name));
    await writeFile(join(dir, name), text.replaceAll("https://receiver.example", origin));
  }
  return files;
}

interface Team {
  client: Switchyard;
  run(words: string[], env?: Record<string, string>): ReturnType<Cli["run"]>;
}

async function makeTeam(): Promise<Team> {
  const { db } = world.ctx.app;
  const [id, key] = [newId("team"), newApiKey()];
  await db.team.create({ data: { id, name: id } });
  const row = { key, name: "import", scope: "write" as const, teamIds: [id], expiresAt: null };
  await db.apiKey.create({ data: apiKeyRow(new Date(), row) });
  const env = { SWITCHYARD_API_KEY: key };
  return {
    client: createClient({ url: world.doorUrl, apiKey: key }),
    run: (words, more = {}) => cli.run(words, { env: { ...env, ...more } }),
  };
}

/** Everything that a team has, without what each look says anew. */
async function configOf({ client }: Team) {
  const lists = [client.sources, client.destinations, client.connections, client.transformations] as const;
  return Promise.all(lists.map(async (list) => (await list.list({ limit: 255 })).data));
}

/** Imports, and holds that nothing happens without a yes, that no secret is told, and that a second time changes nothing. */
async function importOnce(team: Team, words: string[], env: Record<string, string> = {}) {
  const before = await configOf(team);
  const unasked = await team.run(["import", ...words], env);
  expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining("--yes")]);
  expect(await configOf(team)).toEqual(before);
  const done = await team.run(["import", ...words, "--yes"], env);
  expect(done).toMatchObject({ code: 0, err: "" });
  expect(unasked.out + done.out).not.toMatch(/of-the-test/);
  const after = await configOf(team);
  const again = await team.run(["import", ...words, "--yes", "--json"], env);
  expect(JSON.parse(again.out)).toMatchObject({ problems: [], applied: { is_changed: false, changes: [] } });
  expect(await configOf(team)).toEqual(after);
  expect((await team.client.flows.list()).data).toEqual([]);
  return done.out;
}

async function sendTo(team: Team, source: string, body: string, headers: Record<string, string>) {
  const found = (await team.client.sources.list({ name: source })).data[0];
  if (!found) throw new Error(`No source ${source}`);
  return fetch(world.ingestUrl(found), {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The next request at a path of the receiver. */
async function arrived(path: string): Promise<Receipt> {
  for (let count = 1; ; count += 1) {
    const found = (await receiver.received(count)).find(({ url }) => url === path);
    if (found) return found;
  }
}

const hmac = (secret: string, text: string | Buffer, encoding: "hex" | "base64") =>
  createHmac("sha256", secret).update(text).digest(encoding);

test("Hookdeck: providers' webhooks are verified, filtered, transformed and signed as before", async () => {
  const team = await makeTeam();
  const files = await exported("hookdeck-connections.json", "hookdeck-transformations.json");
  const told = await importOnce(team, ["hookdeck", ...files]);
  expect(told).toMatch(
    /hookdeck-connections\.json:\d+ models\[2\]\.destination\.config\.auth: .*OAUTH2_CLIENT_CREDENTIALS/,
  );
  expect(told).toMatch(/models\[2\]\.rules\[1\]: Here a filter sees .*The connection comes disabled\./);
  expect(told).toMatch(/models\[2\]\.rules\[2\]: There is no rule of type alert here/);
  expect(told).toMatch(/models\[3\]\.destination: A destination of type CLI is left out/);
  expect(told).toMatch(/shopify-eu: http.*\/e\//);

  const order = JSON.stringify({ id: 4711, financial_status: "paid" });
  const shopify = (topic: string, body: string) =>
    sendTo(team, "shopify-eu", body, {
      "x-shopify-topic": topic,
      "x-shopify-webhook-id": crypto.randomUUID(),
      "x-shopify-hmac-sha256": hmac("shpss_import_of_the_test_0123456789", body, "base64"),
    });
  expect((await shopify("products/update", order.replace("4711", "1"))).status).toBe(200);
  expect((await shopify("orders/paid", order)).status).toBe(200);
  const stock = await arrived("/warehouse");
  expect(stock.body.toString()).toBe(order);
  expect(stock.headers["x-warehouse-signature"]).toBe(hmac("warehouse-signing-secret-of-the-test", order, "base64"));
  const forged = await sendTo(team, "shopify-eu", order, { "x-shopify-hmac-sha256": hmac("other", order, "base64") });
  expect(forged.status).toBe(401);

  const taken = await sendTo(team, "Partner-feed", '{"email":"a@b.example"}', {
    "x-partner-key": "partner-key-of-the-test",
  });
  expect(await taken.text()).toBe('{"taken":true}');
  const contact = await arrived("/crm");
  expect(JSON.parse(contact.body.toString())).toEqual({ contact: "a@b.example", region: "eu-north-of-the-test" });
  expect(contact.headers.authorization).toBe("Bearer crm-token-of-the-test");
  expect(receiver.receipts.filter(({ url }) => url === "/billing" || url === "/warehouse")).toHaveLength(1);
});

test("Svix: what is published reaches the endpoints of its types, with their secrets", async () => {
  const team = await makeTeam();
  const files = await exported("svix.json");
  const told = await importOnce(team, ["svix", ...files], {
    SVIX_ACME_ACME_INVOICES_HEADER_X_API_TOKEN: "token-of-the-test",
  });
  expect(told).toMatch(/svix\.json:\d+ endpoints\.app_\w+\.data\[1\]\.channels: There are no channels here/);
  expect(told).toMatch(/data\[1\]\.secret: The export does not hold this secret: set SVIX_ACME_EP_\w+_SIGNING_SECRET/);

  await team.client.publish.events({ source: "acme", type: "project.moved", data: { project: 1 } });
  await team.client.publish.events({ source: "acme", type: "invoice.paid", data: { invoice: 7 } });
  const invoice = await arrived("/invoices");
  expect(JSON.parse(invoice.body.toString())).toEqual({ invoice: 7 });
  expect(invoice.headers).toMatchObject({ "x-tenant": "acme-tenant-of-the-test", "x-api-token": "token-of-the-test" });
  const secret = "whsec_c3ZpeC1zaWduaW5nLXNlY3JldC1vZi10ZXN0";
  await expect(verifyWebhook(invoice.body, invoice.headers, secret)).resolves.toBeTruthy();
  expect(receiver.receipts.filter(({ url }) => url === "/projects")).toEqual([]);
});

test("Convoy: verifiers, filters, functions, idempotency and simple signatures go along", async () => {
  const team = await makeTeam();
  const told = await importOnce(team, ["convoy", ...(await exported("convoy.json"))]);
  expect(told).toMatch(/content\[1\]: A source of type pub_sub is left out/);
  expect(told).toMatch(/advanced_signatures: Advanced signatures are sent as simple ones/);

  const send = (id: number, state: string) => {
    const body = JSON.stringify({ parcel: { id, state } });
    const headers = { "x-parcel-signature": hmac("parcel-secret-of-the-test", body, "hex"), "x-parcel-region": "eu" };
    return sendTo(team, "Parcel-service", body, headers);
  };
  for (const [id, state] of [
    [1, "lost"],
    [2, "moved"],
    [2, "moved"],
  ] as const)
    expect((await send(id, state)).status).toBe(200);
  const audit = await arrived("/audit");
  expect(JSON.parse(audit.body.toString())).toEqual({ parcel: { id: 2, state: "moved" } });
  expect(audit.headers["x-convoy-signature"]).toBe(hmac("audit-secret-of-the-test", audit.body, "hex"));
  const tracking = await arrived("/tracking");
  expect(JSON.parse(tracking.body.toString())).toEqual({ id: expect.any(Number), state: expect.any(String) });
  expect(tracking.headers["x-tracking-key"]).toBe("tracking-key-of-the-test");
});

test("Outpost: topics and filters choose the destinations of a tenant, a bucket comes along, a queue is told of", async () => {
  const team = await makeTeam();
  const told = await importOnce(team, ["outpost", ...(await exported("outpost.json"))]);
  expect(told).toMatch(/outpost\.json:\d+ tenants\[0\]\.destinations\[2\]: A destination of type aws_sqs is left out/);

  const archive = (await team.client.connections.list({ name: "globex-des_archive" })).data[0];
  await team.client.connections.disable({ id: archive?.id ?? "" });
  for (const plan of ["free", "pro"])
    await team.client.publish.events({ source: "globex", type: "user.created", data: { plan } });
  const user = await arrived("/users");
  expect(JSON.parse(user.body.toString())).toEqual({ plan: "pro" });
  expect(user.headers).toMatchObject({ "x-globex": "globex-header-of-the-test", "x-outpost-region": "eu-of-the-test" });
  const secret = "outpost-hex-secret-of-the-test-0123456789abcdef";
  expect(user.headers["x-outpost-signature"]).toBe(hmac(secret, user.body, "hex"));
});

test("FastHook: a masked secret is asked for, and a signed webhook then arrives in the team's own envelope", async () => {
  const team = await makeTeam();
  const files = await exported("fasthook.json");
  const planned = await team.run(["import", "fasthook", ...files, "--plan"]);
  expect(planned.code).toBe(0);
  expect(planned.out).toMatch(
    /auth\.secret: The export does not hold this secret: set FASTHOOK_STRIPE_PROD_SECRET before/,
  );
  const told = await importOnce(team, ["fasthook", ...files], { FASTHOOK_STRIPE_PROD_SECRET: "whsec_stripe_prod" });
  const [, signingSecret = ""] = /signing secret of event-ingest-api, shown this once: (whsec_\S+)/.exec(told) ?? [];

  const body = JSON.stringify({ id: "evt_9", type: "invoice.paid" });
  const seconds = Math.floor(Date.now() / 1_000);
  const signature = `t=${seconds},v1=${hmac("whsec_stripe_prod", `${seconds}.${body}`, "hex")}`;
  expect((await sendTo(team, "stripe-prod", body, { "stripe-signature": signature })).status).toBe(200);
  const event = await arrived("/events");
  expect(JSON.parse(event.body.toString())).toEqual({
    provider: "stripe",
    event_id: "evt_9",
    event_type: "invoice.paid",
  });
  await expect(verifyWebhook(event.body, event.headers, signingSecret)).resolves.toBeTruthy();
});

test("what is wrong is told at its line of the export, whoever finds it, and nothing of the file is made", async () => {
  const team = await makeTeam();
  const [file = ""] = await exported("fasthook.json");
  const text = await readFile(file, "utf8");
  const before = await configOf(team);
  const env = { FASTHOOK_STRIPE_PROD_SECRET: "whsec_stripe_prod" };
  const refused = async (changed: string, words: string[] = []) => {
    await writeFile(file, changed);
    const { code, out, err } = await team.run(["import", "fasthook", file, "--yes", ...words], env);
    expect([code, await configOf(team)]).toEqual([1, before]);
    return words.includes("--json") ? JSON.parse(out).problems : err;
  };
  // The gateway judges addresses and waits, and finds out whether code parses when it saves it.
  expect(await refused(text.replace(/http:[^"]*\/events/, "ftp://receiver.example"))).toMatch(
    /fasthook\.json:\d+ destinations\.data\[0\]: destination event-ingest-api, url: .*\nNothing was imported\./,
  );
  const [problem] = await refused(text.replace("return request;", "return ("), ["--json"]);
  const code = text.indexOf('"id": "trs_stripe_to_envelope"');
  const line = text.slice(0, text.lastIndexOf("{", code)).split("\n").length;
  expect(problem).toMatchObject({ path: "transformations.data[0]", line });
  expect(problem.message).toMatch(/^transformation stripe-to-envelope, code: /);
  expect(await refused(text.replace('"rules": [', '"rules": {}, "x": ['))).toMatch(
    /fasthook\.json:\d+ connections\.data\[0\]\.rules: Here stands an object: give a list/,
  );
  expect(await refused(text.slice(0, 900))).toMatch(/fasthook\.json:\d+: This is no JSON: /);

  await writeFile(file, text);
  const other = await team.run(["import", "convoy", file, "--yes"], env);
  expect([other.code, other.err]).toEqual([1, expect.stringContaining("use switchyard import fasthook")]);
  expect((await team.run(["import", "fasthook", join(dir, "none.json")])).code).toBe(2);
  expect((await team.run(["import", "zapier", file])).code).toBe(2);
  expect(await configOf(team)).toEqual(before);

  await team.client.sources.create({ name: "stripe-prod", type: "GITHUB" });
  const beside = await team.run(["import", "fasthook", file, "--yes"], env);
  expect(beside).toMatchObject({
    code: 0,
    out: expect.stringMatching(/= source stripe-prod exists and stays as it is; it differs in .*type/),
  });
  expect((await team.client.sources.list({ name: "stripe-prod" })).data[0]?.type).toBe("GITHUB");
});
