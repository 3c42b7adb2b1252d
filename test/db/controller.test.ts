// Flows of a Kubernetes cluster: applied, told in their status, kept, and ended as they say.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type ControllerWorld,
  createControllerWorld,
  KEY_SECRET,
  type RunningController,
} from "#test/support/controller-world.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { eventually } from "#test/support/world.ts";

let at: ControllerWorld;
let controller: RunningController | undefined;
beforeAll(async () => {
  at = await createControllerWorld();
});
afterEach(async () => {
  await controller?.stop();
  controller = undefined;
  await at.clear();
  expect(at.cluster.forbidden.filter((call) => !call.includes(at.cluster.foreignNamespace))).toEqual([]);
});
afterAll(() => at[Symbol.asyncDispose]());

const specOf = (name: string, more: object = {}) => ({
  source: { name },
  destinations: [{ name: `${name}-one`, type: "MOCK", rateLimit: "600/minute", ...more }],
});
const ready = (name: string) => at.settled(name, "Ready", { status: "True", reason: "Applied" });
const api = (method: string, path: string, body?: object) => at.api(method, path, body);
const flowsOf = async () => (await api("GET", "flows")).data as { name: string }[];
const limitBy = async (name: string, rate_limit: number) =>
  api("PATCH", `destinations/${(await at.idOf("destination", name))?.id}`, { config: { rate_limit } });
const limitOf = async (name: string) =>
  (await api("GET", `destinations/${(await at.idOf("destination", name))?.id}`)).config.rate_limit;

test("a flow is applied, signed webhooks reach its receiver, and its status says so; a change of it follows", async () => {
  await using receiver = await startReceiver();
  await at.share("senders", { "api.key": "a-key-of-the-sender" });
  const secretFrom = { secretRef: { name: "senders", key: "api.key" } };
  const source = { name: "paid", authType: "API_KEY", auth: { header: "x-key", apiKey: { secretFrom } } };
  await at.make("paid", { source, destinations: [{ name: "orders", url: receiver.url, timeout: "5s" }] });
  controller = at.start();
  const status = await ready("paid");
  expect(status).toMatchObject({
    observedGeneration: 1,
    team: at.ctx.teamId,
    fingerprint: expect.any(String),
    lastAppliedTime: expect.stringMatching(/^\d{4}-.*Z$/),
    resources: { declared: 3, drifted: 0, left: 0 },
    conditions: [{ type: "Ready" }, { type: "Drifted", status: "False", reason: "InSync" }],
  });
  await eventually(
    () => at.told("paid"),
    (told) => told.some(({ reason, type }) => reason === "Applied" && type === "Normal"),
  );

  const { key } = (await at.idOf("source", "paid")) ?? {};
  const send = (proof: string) =>
    fetch(`${at.doorUrl}/e/${key}`, { method: "POST", headers: { "x-key": proof }, body: '{"paid":1}' });
  expect((await send("a-key-of-the-sender")).status).toBe(200);
  expect((await receiver.received(1))[0]?.body.toString()).toBe('{"paid":1}');
  const [stored] = (await flowsOf()).filter(({ name }) => name === "paid");
  expect(JSON.stringify(stored)).not.toContain("a-key-of-the-sender");

  await at.patch("paid", { spec: { destinations: [{ name: "orders", url: receiver.url, concurrency: 3 }] } });
  await eventually(ready.bind(null, "paid"), ({ observedGeneration }) => observedGeneration === 2);
  expect((await api("GET", `destinations/${(await at.idOf("destination", "orders"))?.id}`)).config.concurrency).toBe(3);
});

describe("what somebody changes by hand", () => {
  test("is told with its author and left as it is, also when the flow changes elsewhere", async () => {
    await at.make("told", specOf("told"));
    controller = at.start({ resyncMs: 150 });
    await ready("told");
    await limitBy("told-one", 300);
    const drifted = await at.settled("told", "Drifted", { status: "True", reason: "ChangedByHand" });
    expect(drifted.drift).toEqual([
      { kind: "destination", name: "told-one", path: "config.rate_limit", changedBy: "controller" },
    ]);
    expect(drifted.resources).toMatchObject({ drifted: 1 });
    await at.patch("told", { spec: specOf("told", { concurrency: 7 }) });
    await eventually(
      async () => (await api("GET", `destinations/${(await at.idOf("destination", "told-one"))?.id}`)).config,
      ({ concurrency, rate_limit }) => concurrency === 7 && rate_limit === 300,
    );
    await at.settled("told", "Drifted", { status: "True" });
    await limitBy("told-one", 600);
    await at.settled("told", "Drifted", { status: "False", reason: "InSync" });
    const told = await eventually(
      () => at.told("told"),
      ({ length }) => length === 4,
    );
    expect(told.map(({ reason }) => reason)).toEqual(["Applied", "ChangedByHand", "Applied", "InSync"]);
  });

  test("is put back where the flow says so, and what was deleted is made again", async () => {
    await at.make("kept", specOf("kept"), { "switchyard.dev/drift-policy": "correct" });
    controller = at.start({ resyncMs: 150 });
    await ready("kept");
    await limitBy("kept-one", 300);
    await eventually(
      () => limitOf("kept-one"),
      (limit) => limit === 600,
    );
    await api("DELETE", `connections/${(await at.idOf("connection", "kept-kept-one"))?.id}`);
    await eventually(
      () => at.idOf("connection", "kept-kept-one"),
      (found) => found !== undefined,
    );
    const notes = await eventually(
      () => at.told("kept"),
      (told) => told.filter(({ reason }) => reason === "DriftCorrected").length === 2,
    );
    expect(notes.map(({ note }) => note)).toContainEqual(
      expect.stringContaining("Put back: config.rate_limit of the destination kept-one, changed by controller."),
    );
  });
});

describe("what is wrong", () => {
  test("in a flow stands in its condition with the field, and is applied once it is right", async () => {
    await at.make("wrong", specOf("wrong", { tmeout: "5s" }));
    controller = at.start();
    const { conditions, problems } = await at.settled("wrong", "Ready", { status: "False", reason: "InvalidFlow" });
    const message = "There is no field tmeout here: remove it or check its spelling.";
    expect(conditions?.[0]?.message).toBe(`spec.destinations[0].tmeout: ${message}`);
    expect(problems).toEqual([{ path: "spec.destinations[0].tmeout", message }]);
    expect(await at.idOf("destination", "wrong-one")).toBeUndefined();
    await at.patch("wrong", { spec: specOf("wrong") });
    expect(await ready("wrong")).not.toHaveProperty("problems");
    await expect(at.make("unit", specOf("unit", { timeout: "5" }))).rejects.toThrow(/spec\.destinations\[0\]\.timeout/);
  });

  test("of a flow's place, policies or Secrets is said with the remedy, and no Secret is read that is not for flows", async () => {
    controller = at.start();
    const secretFrom = (name: string) => ({ secretFrom: { secretRef: { name, key: "api-key" } } });
    const leaking = (name: string) => specOf(`leak-${name}`, { headers: { "x-leak": secretFrom(name) } });
    await at.make("policy", specOf("policy"), { "switchyard.dev/drift-policy": "often" });
    await at.make("leak-key", leaking(KEY_SECRET));
    await at.makeSecret("private", { "api-key": "of-somebody-else" });
    await at.make("leak-private", leaking("private"));
    await at.make("leak-none", leaking("none"));
    const url = "https://env.example.com/in";
    const headers = { "x-a": { secretFrom: { env: "A" } } };
    await at.make("env", { source: { name: "env" }, destinations: [{ name: "env-one", url, headers }] });
    const said = async (name: string, reason = "InvalidFlow") =>
      (await at.settled(name, "Ready", { status: "False", reason })).conditions?.[0]?.message;
    expect(await said("policy", "InvalidPolicy")).toContain('drift-policy"]: Write report or correct, not often.');
    expect(await said("leak-key")).toContain("holds the API key and is for no flow");
    const [ofPrivate, ofNone] = [await said("leak-private"), await said("leak-none")];
    expect(ofPrivate?.replaceAll("private", "none")).toBe(ofNone);
    expect(ofNone).toContain("label it switchyard.dev/secrets-for-flows=true");
    expect(await said("env")).toContain(
      "spec.destinations[0].headers.x-a.secretFrom.env: A cluster has no environment",
    );
    await at.share("env-of-flows", { A: "a value" });
    await at.patch("env", { metadata: { annotations: { "switchyard.dev/env-from": "env-of-flows" } } });
    await ready("env");
    const { foreignNamespace } = at.cluster;
    await at.make("unmapped", specOf("unmapped"), {}, foreignNamespace);
    await eventually(
      async () => at.cluster.forbidden,
      (calls) => calls.includes(`get secrets in ${foreignNamespace}`),
    );
  });

  test("with the gateway is told as unknown, and is over when it answers", async () => {
    await using away = await startReceiver(() => ({ status: 503 }));
    await at.make("away", specOf("away"));
    controller = at.start({ gatewayUrl: away.url });
    await at.settled("away", "Ready", { status: "Unknown", reason: "GatewayUnreachable" });
    await controller.stop();
    controller = at.start();
    await ready("away");
  });
});

describe("a flow that is deleted", () => {
  test("leaves what it declared to run on, and is forgotten", async () => {
    await at.make("orphan", specOf("orphan"));
    controller = at.start();
    await ready("orphan");
    await at.remove("orphan");
    await eventually(
      () => at.isThere("orphan"),
      (isThere) => !isThere,
    );
    expect((await flowsOf()).map(({ name }) => name)).not.toContain("orphan");
    expect(await at.idOf("destination", "orphan-one")).toBeDefined();
  });

  test("takes with it what it owns where it says so, at its end and before", async () => {
    const spec = specOf("all");
    const two = { ...spec, destinations: [...spec.destinations, { name: "all-two", type: "MOCK" }] };
    await at.make("all", two, { "switchyard.dev/deletion-policy": "delete" });
    controller = at.start();
    await ready("all");
    await at.patch("all", { spec: { destinations: spec.destinations } });
    await eventually(
      () => at.idOf("destination", "all-two"),
      (found) => found === undefined,
    );
    await at.remove("all");
    await eventually(
      () => at.isThere("all"),
      (isThere) => !isThere,
    );
    expect(await at.idOf("source", "all")).toBeUndefined();
    expect(await at.idOf("destination", "all-one")).toBeUndefined();
    expect((await flowsOf()).map(({ name }) => name)).not.toContain("all");
  });

  test("of a name that another namespace of the team had before is told so, and leaves that one alone", async () => {
    const { secondNamespace } = at.cluster;
    await at.make("same", specOf("same"));
    controller = at.start();
    await ready("same");
    await at.makeSecret(KEY_SECRET, { "api-key": at.key }, {}, secondNamespace);
    await at.make("same", specOf("other"), { "switchyard.dev/deletion-policy": "delete" }, secondNamespace);
    const refused = { status: "False", reason: "NameTaken" };
    const { conditions } = await at.settled("same", "Ready", refused, secondNamespace);
    expect(conditions?.[0]?.message).toContain(`declared in namespace ${at.cluster.namespace} already`);
    await at.remove("same", secondNamespace);
    await eventually(
      () => at.isThere("same", secondNamespace),
      (isThere) => !isThere,
    );
    expect((await flowsOf()).map(({ name }) => name)).toContain("same");
    expect(await at.idOf("destination", "same-one")).toBeDefined();
  });

  test("waits for its key where it has to delete, and not where it leaves all as it is", async () => {
    await at.make("waits", specOf("waits"), { "switchyard.dev/deletion-policy": "delete" });
    await at.make("leaves", specOf("leaves"));
    controller = at.start();
    await ready("waits");
    await ready("leaves");
    await at.dropSecret(KEY_SECRET);
    await at.remove("waits");
    await at.remove("leaves");
    const blocked = await at.settled("waits", "Ready", { status: "False", reason: "DeletionBlocked" });
    expect(blocked.conditions?.[0]?.message).toContain("annotate the flow switchyard.dev/deletion-policy=orphan");
    await eventually(
      () => at.isThere("leaves"),
      (isThere) => !isThere,
    );
    await at.makeSecret(KEY_SECRET, { "api-key": at.key });
    await eventually(
      () => at.isThere("waits"),
      (isThere) => !isThere,
    );
    expect(await at.idOf("destination", "waits-one")).toBeUndefined();
  });
});
