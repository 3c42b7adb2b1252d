// The SDK as it stands, in a real browser and in a realm without anything of Node, against a real gateway.
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareSigner } from "#server/delivery/sign.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { borrowBrowser } from "#test/support/browser.ts";

const SDK = join(import.meta.dirname, "..", "..", "server", "sdk");
const modules = Object.fromEntries(
  readdirSync(SDK).map((name) => [name, stripTypeScriptTypes(readFileSync(join(SDK, name), "utf8"))]),
);

/** What a program does with the SDK, wherever it runs. */
const PROGRAM = `
import { createClient, SwitchyardError, verifyCustomSignature, verifyWebhook } from "./switchyard.ts";

export async function run({ url, apiKey, body, headers, secret, nowMs }) {
  const client = createClient({ url, apiKey });
  const names = [];
  for await (const { name } of client.destinations.list({ limit: 1, dir: "asc" })) names.push(name);
  const published = await client.publish.events({ source: "own", type: "order.paid", data: { n: 1 } });
  const bytes = await client.requests.rawBody({ id: published.events[0].request_id });
  const refusal = await client.sources.get({ id: "src_none" }).catch((error) => error);
  const options = { now: new Date(nowMs) };
  const reasonOf = (work) => work.then(({ id }) => id, (error) => error.reason);
  const stop = new AbortController();
  const stopped = client.events.list({}, { signal: stop.signal }).catch((error) => error);
  stop.abort("enough");
  return {
    names,
    published: published.published_count,
    text: await bytes.text(),
    refusal: [refusal instanceof SwitchyardError, refusal.code, refusal.status],
    stopped: await stopped,
    verified: await reasonOf(verifyWebhook(new TextEncoder().encode(body), headers, secret, options)),
    fromHeaders: await reasonOf(verifyWebhook(body, new Headers(headers), secret, options)),
    tampered: await reasonOf(verifyWebhook(body + " ", headers, secret, options)),
    old: await reasonOf(verifyWebhook(body, headers, secret, { now: new Date(nowMs + 3_600_000) })),
    custom: await reasonOf(verifyCustomSignature(body, {}, "s", { header: "x-sig" })),
    ofNode: ["process", "Buffer", "require", "global"].filter((name) => name in globalThis),
  };
}`;

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
  await api.post("/v1/sources", { name: "own", type: "PUBLISH" });
  for (const name of ["one", "two"]) await api.post("/v1/destinations", { name, type: "MOCK" });
});
afterAll(() => api[Symbol.asyncDispose]());

const NOW_MS = 1_760_000_000_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"note":"Grüße"}';

function inputOf() {
  const delivery = { id: "evt_1", timestampSeconds: NOW_MS / 1_000, body: Buffer.from(BODY) };
  const headers = Object.fromEntries(prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: SECRET }).sign(delivery));
  return { url: api.origin, apiKey: api.key, body: BODY, headers, secret: SECRET, nowMs: NOW_MS };
}

const EXPECTED = {
  names: ["one", "two"],
  published: 1,
  text: '{"n":1}',
  refusal: [true, "NOT_FOUND", 404],
  stopped: "enough",
  verified: "evt_1",
  fromHeaders: "evt_1",
  tampered: "wrong_signature",
  old: "too_old",
  custom: "missing_header",
  ofNode: [],
};

test("a page in a browser calls the gateway and verifies deliveries", async () => {
  await using browser = await borrowBrowser();
  const { page, problems } = await browser.open(`${api.origin}/healthz`);
  const served: Record<string, string> = { ...modules, "program.ts": PROGRAM };
  await page.route(`${api.origin}/sdk/*`, (route) => {
    const body = served[new URL(route.request().url()).pathname.slice("/sdk/".length)];
    return body === undefined ? route.abort() : route.fulfill({ contentType: "text/javascript", body });
  });
  const run = `import("/sdk/program.ts").then(({ run }) => run(${JSON.stringify(inputOf())}))`;
  expect(await page.evaluate(run)).toEqual(EXPECTED);
  // The browser itself writes down the one call that is refused, and the one that is given up.
  expect(problems.filter((problem) => !/404|ERR_ABORTED/.test(problem))).toEqual([]);
});

test("a realm without anything of Node calls the gateway and verifies deliveries", async () => {
  const worker = new Worker(new URL("../support/edge-realm.mjs", import.meta.url), {
    execArgv: ["--experimental-vm-modules", "--no-warnings"],
    workerData: { modules: { ...modules, "program.ts": PROGRAM }, entry: "program.ts", input: inputOf() },
  });
  try {
    const answered = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    expect(answered).toEqual(EXPECTED);
  } finally {
    await worker.terminate();
  }
});
