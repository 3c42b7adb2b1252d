// An installation as `npm start` makes it, with secrets planted wherever one can be given. They are looked for in what its roles
// print, in all that a browser is sent for every page, in exports and errors, and in every file of the database, its log too.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { borrowBrowser } from "#test/support/browser.ts";
import { takePort } from "#test/support/free-port.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { type Installation, makeInstallation, type Start, startSwitchyard } from "#test/support/start.ts";
import { eventually } from "#test/support/world.ts";

const canary = (name: string) => `CANARY-${name}-${"0123456789abcdef".repeat(2)}`;
const CANARIES = {
  provider: canary("provider"),
  previous: canary("previous"),
  sourceKey: canary("source-key"),
  password: canary("password"),
  token: canary("token"),
  header: canary("header"),
  secretPath: canary("secret-path"),
  bucket: canary("bucket"),
  pager: canary("pager"),
  chat: canary("chat"),
  env: canary("env"),
  producer: canary("producer"),
  login: canary("login"),
  mailServer: canary("mail-server"),
};
const KEY = `sy_${"k".repeat(43)}`;
const OWNER = { email: "owner@example.com", password: CANARIES.login };

let installation: Installation;
let start: Start;
let receiver: Receiver;
let ids: Record<string, string>;
/** All that was answered, by what was asked. */
const answers: [what: string, text: string][] = [];

async function call(method: string, path: string, body?: unknown, key = KEY): Promise<Record<string, string>> {
  const answer = await fetch(`${installation.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  answers.push([`${method} ${path} ${answer.status}`, text]);
  return answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : {};
}

async function plant(): Promise<void> {
  const post = (path: string, body: unknown) => call("POST", `/v1${path}`, body);
  const stripe = await post("/sources", {
    name: "stripe",
    type: "STRIPE",
    config: { auth: { secret: CANARIES.provider } },
  });
  await call("PATCH", `/v1/sources/${stripe.id}`, { config: { auth: { previous_secret: CANARIES.previous } } });
  const byKey = { auth_type: "API_KEY", auth: { header: "x-producer", api_key: CANARIES.sourceKey } };
  const source = await post("/sources", { name: "by-key", config: byKey });
  const basic = { auth_type: "BASIC_AUTH", auth: { username: "u", password: CANARIES.password } };
  const byPassword = await post("/sources", { name: "by-password", config: basic });
  const bearer = { url: receiver.url, auth_type: "BEARER_TOKEN", auth: { token: CANARIES.token } };
  const destination = await post("/destinations", {
    name: "d",
    config: { ...bearer, headers: { "x-tenant": CANARIES.header } },
  });
  const path = {
    url: new URL(receiver.url).origin,
    auth_type: "SECRET_PATH",
    auth: { url_path: `/${CANARIES.secretPath}` },
  };
  const hidden = await post("/destinations", { name: "hidden", config: path });
  const dead = {
    url: `http://127.0.0.1:${await takePort()}/`,
    auth_type: "API_KEY",
    auth: { api_key: CANARIES.token },
  };
  const gone = await post("/destinations", { name: "dead", config: dead });
  const store = {
    bucket: "the-bucket",
    region: "us-east-1",
    endpoint: new URL(receiver.url).origin,
    is_path_style: true,
  };
  const bucketAuth = { access_key_id: "AKIA", secret_access_key: CANARIES.bucket };
  const bucket = await post("/destinations", { name: "b", type: "S3", config: { ...store, auth: bucketAuth } });
  await post("/notifications", { name: "pager", channel: "pager", url: receiver.url, routing_key: CANARIES.pager });
  await post("/notifications", { name: "chat", channel: "chat", url: new URL(`/${CANARIES.chat}`, receiver.url).href });
  const code =
    "console.log(context.env); request.headers['x-t'] = context.env.TOKEN.slice(0, 6); if (request.body.bad) throw new Error(context.env.TOKEN); return request;";
  const transformation = await post("/transformations", { name: "t", code, env: { TOKEN: CANARIES.env } });
  const rules = [{ type: "transform", transformation_id: transformation.id }];
  for (const [at, into] of [destination, hidden, gone, bucket].entries())
    for (const from of [source, byPassword])
      await post("/connections", {
        name: `c${at}${from.name}`,
        source_id: from.id,
        destination_id: into.id,
        ...(at === 2 && { rules }),
      });
  ids = { transformations: transformation.id ?? "", source: source.id ?? "" };
  await makeTraffic({ stripe, source, byPassword });
}

async function makeTraffic(sources: Record<"stripe" | "source" | "byPassword", Record<string, string>>): Promise<void> {
  const authorization = `Bearer ${CANARIES.producer}`;
  const send = (url: string | undefined, headers: Record<string, string>, body: string) =>
    fetch(url ?? "", {
      method: "POST",
      headers: { "content-type": "application/json", cookie: `s=${CANARIES.producer}`, ...headers },
      body,
    }).then(async (answer) => void answers.push(["the door", await answer.text()]));
  for (const body of ['{"n":1}', '{"bad":1}', "{"]) {
    await send(sources.source.url, { "x-producer": CANARIES.sourceKey, authorization }, body);
    await send(sources.byPassword.url, { authorization: `Basic ${btoa(`u:${CANARIES.password}`)}` }, body);
    await send(sources.byPassword.url, { authorization }, body);
    await send(sources.stripe.url, { "stripe-signature": `t=1,v1=${CANARIES.provider}` }, body);
  }
  // Nine accepted requests reach four receivers each; of one the code throws, and one of them nobody hears.
  await eventually(
    async () => receiver.receipts.length,
    (count) => count >= 12,
  );
}

beforeAll(async () => {
  [installation, receiver] = [await makeInstallation(), await startReceiver()];
  start = startSwitchyard(installation, {
    LOG_LEVEL: "debug",
    SWITCHYARD_API_KEY: KEY,
    SWITCHYARD_OWNER_EMAIL: OWNER.email,
    SWITCHYARD_OWNER_PASSWORD: OWNER.password,
    SMTP_URL: `smtp://user:${CANARIES.mailServer}@127.0.0.1:${await takePort()}`,
    SMTP_FROM: "gateway@example.com",
  });
  await start.ready();
  await plant();
});
afterAll(async () => {
  await start?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
  await installation?.[Symbol.asyncDispose]();
});

const spellings = (secret: string) => {
  const bytes = Buffer.from(secret);
  // Of base64 what does not depend on what stands before or after.
  const inBase64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(4, -6),
  );
  return [secret, bytes.toString("hex"), bytes.toString("hex").toUpperCase(), ...inBase64];
};
/** The names of the secrets that stand in a text. */
const foundIn = (text: string) =>
  Object.entries(CANARIES)
    .filter(([, secret]) => spellings(secret).some((spelling) => text.includes(spelling)))
    .map(([name]) => name);

test("answers, errors and exports hold none", async () => {
  const wrong = { config: { auth: { secret: CANARIES.provider, nonsense: CANARIES.provider } } };
  await call("PATCH", `/v1/sources/${ids.source}`, wrong);
  await call("GET", "/v1/sources", undefined, CANARIES.token);
  await call("POST", "/v1/destinations", { name: "x", config: { url: `http://u:${CANARIES.token}@127.0.0.1:22/` } });
  const [today] = new Date().toISOString().split("T");
  const paths = [
    "/flows/export",
    "/audit",
    "/openapi.json",
    ...["request", "event", "attempt"].map((kind) => `/retention/export?kind=${kind}&date=${today}`),
  ];
  for (const path of paths) await call("GET", `/v1${path}`);
  expect(answers.length).toBeGreaterThan(25);
  // A secret that was sent as another is named in no answer either.
  expect(answers.flatMap(([what, text]) => foundIn(text).map((name) => `${what}: ${name}`))).toEqual([]);
});

/** Every page of the dashboard, with ids in its place. */
async function pagesOf(): Promise<string[]> {
  const root = join(PROJECT_ROOT, "app", "(dashboard)");
  const files = (await readdir(root, { recursive: true })).filter(
    // The gallery of primitives is there in development alone.
    (file) => file.endsWith("page.tsx") && !file.startsWith("gallery"),
  );
  const newest = async (kind: string) => {
    const { data } = (await call("GET", `/v1/${kind}?limit=1`)) as unknown as { data: { id: string }[] };
    return data[0]?.id;
  };
  const paths = files.map(async (file) => {
    const path = relative(root, join(root, file)).replace(/\/?page\.tsx$/, "");
    if (path.includes("[[...")) return `/${path.replace(/\/\[\[.*/, "")}`;
    const [kind = ""] = path.split("/");
    return `/${path.replace("[id]", ids[kind] ?? (path.includes("[id]") ? ((await newest(kind)) ?? "") : ""))}`;
  });
  return Promise.all(paths);
}

describe("a browser", () => {
  test("is sent none, whichever page it opens", async () => {
    const paths = await pagesOf();
    expect(paths.length).toBeGreaterThan(20);
    await using browser = await borrowBrowser();
    const { page } = await browser.open(`${installation.dashboardUrl}/sign-in`);
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`${installation.dashboardUrl}/`);
    const found: string[] = [];
    const reading: Promise<void>[] = [];
    let bodies = 0;
    page.on("response", (response) => {
      // A stream of live data never ends; its words are those of the lists.
      if (response.headers()["content-type"]?.startsWith("text/event-stream")) return;
      const read = response.text().then(
        (text) => {
          bodies += 1;
          found.push(...foundIn(text).map((name) => `${response.url()}: ${name}`));
        },
        // What the page has let go of has no body.
        () => {},
      );
      reading.push(read);
    });
    for (const path of paths) {
      const answer = await page.goto(`${installation.dashboardUrl}${path}`, { waitUntil: "load" });
      expect(answer?.status(), path).toBe(200);
      await page.locator("main").first().waitFor();
      found.push(...foundIn(await page.content()).map((name) => `${path}: ${name}`));
      const segments = await fetch(`${installation.dashboardUrl}${path}`, {
        headers: {
          rsc: "1",
          cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; "),
        },
      });
      found.push(...foundIn(await segments.text()).map((name) => `${path} (rsc): ${name}`));
    }
    await Promise.race([Promise.all(reading), new Promise((resolve) => setTimeout(resolve, 10_000))]);
    expect(bodies).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

test("no role prints one, down to the level debug", () => {
  const text = start.output();
  for (const role of ["gateway", "worker", "web"]) expect(text).toContain(role);
  expect(foundIn(text)).toEqual([]);
});

test("no file of the database holds one, nor its log of changes", async () => {
  await start.stop();
  const files = (await readdir(installation.dataDir, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  expect(files.length).toBeGreaterThan(500);
  const found: string[] = [];
  let hasProof = false;
  for (const file of files) {
    const text = (await readFile(join(file.parentPath, file.name))).toString("latin1");
    hasProof ||= text.includes("x-producer");
    found.push(
      ...foundIn(text).map((name) => `${relative(installation.dataDir, join(file.parentPath, file.name))}: ${name}`),
    );
  }
  // What is not secret stands there in clear: what was looked through is what was written.
  expect(hasProof).toBe(true);
  expect(found).toEqual([]);
});
