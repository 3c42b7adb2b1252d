// Secrets are planted in every place that takes one, used once each, and looked for everywhere else: in every column of every
// table, in every answer that a reader can get, in the log, and at the receiver of somebody else's.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathParameters } from "#server/api/operation.ts";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { newId } from "#server/ids.ts";
import { makeLog } from "#server/process/log.ts";
import { createEndpoint } from "#server/resources/endpoint-registration.ts";
import { createNotification } from "#server/resources/notifications.ts";
import { createTransformation, updateTransformation } from "#server/resources/transformations.ts";
import { openTunnel } from "#server/resources/tunnels.ts";
import { plantedIssue, rejectingSource } from "#test/support/planted-issue.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { requiredQuery } from "#test/support/required-query.ts";
import { tablesWith } from "#test/support/stored-text.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const canary = (name: string) => `CANARY-${name}-0123456789abcdef`;
const CANARIES = {
  sourceKey: canary("source-key"),
  password: canary("password"),
  producerCookie: canary("cookie"),
  producerAuthorization: canary("authorization"),
  destinationToken: canary("token"),
  destinationHeader: canary("header"),
  env: canary("env"),
  oldEnv: canary("old-env"),
  pagerKey: canary("pager-key"),
};

let world: World;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
const logged: string[] = [];
beforeAll(async () => {
  world = await createWorld({ log: makeLog("test", "info", { write: (text: string) => logged.push(text) }) });
  receiver = await startReceiver();
  await plant();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function plant(): Promise<void> {
  const pager = { channel: "pager" as const, url: receiver.url, routing_key: CANARIES.pagerKey };
  await createNotification(world.ctx, { name: "pager", ...pager });
  const address = { team_id: world.ctx.teamId, address: "told@example.com", created_at: new Date() };
  await world.ctx.app.db.mailAddress.create({ data: { ...address, id: newId("mail_address") } });
  await world.all("insert into \"user\" (id, email, name) values ('usr_reader', 'reader@example.com', 'Reader')");
  await world.all("insert into member (team_id, user_id, role) values ($1, 'usr_reader', 'viewer')", [
    world.ctx.teamId,
  ]);
  const code = `console.log("uses", context.env); request.headers["x-topic"] = context.env.TOKEN.slice(0, 6); return request;`;
  const transformation = await createTransformation(world.ctx, { name: "t", code, env: { TOKEN: CANARIES.oldEnv } });
  await updateTransformation(world.ctx, { id: transformation.id, env: { TOKEN: CANARIES.env } });
  const throwing = await createTransformation(world.ctx, {
    name: "throwing",
    code: "throw new Error('no answer for ' + context.env.TOKEN)",
    env: { TOKEN: CANARIES.env },
  });
  const destination = {
    name: "d",
    config: {
      url: receiver.url,
      auth_type: "BEARER_TOKEN" as const,
      auth: { token: CANARIES.destinationToken },
      headers: { "X-Tenant": CANARIES.destinationHeader },
    },
  };
  const byKey = await world.connect({
    name: "by-key",
    source: {
      name: "by-key",
      config: { auth_type: "API_KEY", auth: { header: "x-producer", api_key: CANARIES.sourceKey } },
    },
    destination,
    rules: [{ type: "transform", transformation_id: transformation.id }],
  });
  const byPassword = await world.connect({
    name: "by-password",
    source: {
      name: "by-password",
      config: { auth_type: "BASIC_AUTH", auth: { username: "u", password: CANARIES.password } },
    },
    destination_id: byKey.destination_id,
  });
  const failing = await world.connect({
    name: "failing",
    source_id: byPassword.source_id,
    destination_id: byKey.destination_id,
    rules: [{ type: "transform", transformation_id: throwing.id }],
  });
  const urls = new Map(
    (await world.all<{ id: string; key: string }>("select id, key from source")).map((row) => [row.id, row.key]),
  );
  const send = (sourceId: string, headers: Record<string, string>, query = "") =>
    fetch(`${world.doorUrl}/e/${urls.get(sourceId)}/x${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: `session=${CANARIES.producerCookie}`, ...headers },
      body: '{"a":1}',
    });
  const authorization = `Bearer ${CANARIES.producerAuthorization}`;
  const statuses = await Promise.all([
    send(byKey.source_id, { "x-producer": CANARIES.sourceKey, authorization }, `?key=${CANARIES.sourceKey}`),
    send(byKey.source_id, { "x-producer": `${CANARIES.sourceKey} `, authorization: CANARIES.sourceKey }),
    send(byKey.source_id, { "x-producer": `wrong ${CANARIES.producerAuthorization}` }),
    send(byPassword.source_id, { authorization: `Basic ${btoa(`u:${CANARIES.password}`)}` }),
  ]);
  expect(statuses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 401]);
  for (const [connection, count] of [
    [byKey, 2],
    [byPassword, 1],
  ] as const) {
    await eventually(
      () => world.events(connection.id),
      (events) => events.filter(({ status }) => status === "DELIVERED").length === count,
    );
  }
  await eventually(
    () => world.ignored(failing.id),
    (rows) => rows.length === 1,
  );
  await plantBulkOperation(failing.id);
  const registration = {
    url: "http://127.0.0.1:1024/agent",
    eventTypes: ["never"],
    source: byKey.source_id,
    verify: false,
  };
  await createEndpoint(world.ctx, registration);
  await openTunnel(world.ctx, { name: "laptop", session: "0".repeat(32), sources: [byKey.source_id] });
  const issue = plantedIssue(world.ctx.teamId, new Date(), rejectingSource(byPassword.source_id));
  await world.ctx.app.db.issue.create({ data: issue });
}

/** One that is over, so that it sends nothing. */
async function plantBulkOperation(connectionId: string): Promise<void> {
  const now = new Date();
  const at = now.toISOString();
  await world.ctx.app.db.bulkOperation.create({
    data: {
      team_id: world.ctx.teamId,
      id: newId("bulk_operation"),
      kind: "events_retry",
      state: "CANCELLED",
      filter: { from: at, to: at, connection_id: [connectionId] },
      actor_kind: "system",
      actor_id: "test",
      created_at: now,
      next_page_at: now,
      finished_at: now,
    },
  });
}

/** A secret in clear, and as the database shows bytes and as Basic credentials hold it. */
const spellings = (secret: string) => [
  secret,
  Buffer.from(secret).toString("hex"),
  Buffer.from(`u:${secret}`).toString("base64").slice(4, -4),
];

test("no column of any table holds one in clear", async () => {
  for (const [place, secret] of Object.entries(CANARIES))
    expect(await tablesWith(world, secret, spellings(secret)), place).toEqual([]);
});

test("no answer that a reader can get shows one", async () => {
  const key = newApiKey();
  const teamIds = [world.ctx.teamId];
  await world.ctx.app.db.apiKey.create({
    data: apiKeyRow(new Date(), { key, name: "reader", scope: "write", teamIds, expiresAt: null }),
  });
  const get = async (path: string) => {
    const answer = await fetch(`${world.doorUrl}/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status, path).toBe(200);
    return answer.text();
  };
  let answers = 0;
  const found: string[] = [];
  // A person's own things have no key.
  const reads = ALL_OPERATIONS.filter(({ effect, can }) => effect === "read" && can !== "account.manage");
  for (const { path } of reads) {
    const [parameter] = pathParameters(path);
    const collection = `/${path.split("/")[1]}`;
    const ids = parameter
      ? (JSON.parse(await get(collection)) as { data: Record<string, string>[] }).data.map((each) =>
          String(each[parameter] ?? each.id),
        )
      : [""];
    expect(ids.length, path).toBeGreaterThan(0);
    for (const id of ids) {
      const text = await get(`${path.replace(`:${parameter}`, id)}${requiredQuery(path)}`);
      answers += 1;
      for (const [place, secret] of Object.entries(CANARIES)) {
        if (spellings(secret).some((spelling) => text.includes(spelling))) found.push(`${path}: ${place}`);
      }
    }
  }
  expect(answers).toBeGreaterThan(30);
  expect(found).toEqual([]);
});

test("the receiver gets what is its own, and nothing that proved the producer", () => {
  expect(receiver.receipts.length).toBe(3);
  for (const request of receiver.receipts) {
    expect(request.headers.authorization).toBe(`Bearer ${CANARIES.destinationToken}`);
    expect(request.headers["x-tenant"]).toBe(CANARIES.destinationHeader);
    const text = JSON.stringify([request.url, request.headers]);
    for (const place of ["sourceKey", "password", "producerCookie", "producerAuthorization"] as const) {
      expect(
        spellings(CANARIES[place]).filter((secret) => text.includes(secret)),
        place,
      ).toEqual([]);
    }
  }
});

test("the log holds none", () => {
  const text = logged.join("");
  for (const [place, secret] of Object.entries(CANARIES)) expect(text.includes(secret), place).toBe(false);
});
