// The parts of the controller that need no cluster: its queue, the file that a flow stands for, its settings and its manifests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DESTINATION_KINDS } from "#server/contracts/destination.ts";
import { emptyText, type FoundSecret, flowFileOf } from "#server/controller/flow-text.ts";
import { leadInTurn } from "#server/controller/leader.ts";
import { definitionText, MANIFESTS_DIR, SECRET_FROM } from "#server/controller/manifest-files.ts";
import { readSettings } from "#server/controller/settings.ts";
import { makeWorkQueue } from "#server/controller/work-queue.ts";
import { flowSpecSchema } from "#server/flows/file-schema.ts";
import { readFlows } from "#server/flows/read-flows.ts";
import { makeLog } from "#server/process/log.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";
import { readManifests } from "#test/support/kubernetes-roles.ts";
import { pruned } from "#test/support/kubernetes-schema.ts";

describe("the Lease", () => {
  test("is let go before the next one takes it, also by a holder whose calls are answered late or never", async () => {
    const clock = { ...makeFakeClock(), random: () => 0.5 };
    let version = 0;
    let lease: kubernetes.V1Lease | undefined;
    const write = async (_namespace: string, body: kubernetes.V1Lease) => {
      lease = { ...body, metadata: { ...body.metadata, resourceVersion: String(++version) } };
      return lease;
    };
    const well = {
      readLease: async () => lease ?? Promise.reject({ statusCode: 404 }),
      createLease: write,
      replaceLease: (namespace: string, _name: string, body: kubernetes.V1Lease) => write(namespace, body),
    };
    /** As a call that the network swallows: it ends by its own limit. */
    const swallowed = () =>
      new Promise<never>((_, reject) => void clock.after(3_000, () => reject(new Error("no answer"))));
    const cut = { ...well, readLease: () => (lease ? swallowed() : well.readLease()) };
    const [leading, together]: [Set<string>, string[][]] = [new Set(), []];
    const stop = new AbortController();
    const run = (identity: string, cluster: typeof well) => {
      const options = { namespace: "a", name: "lease", identity, lengthMs: 15_000, renewMs: 5_000 };
      const lead = (signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          leading.add(identity);
          together.push([...leading]);
          signal.addEventListener("abort", () => resolve(void leading.delete(identity)));
        });
      return leadInTurn({ cluster, clock, log: makeLog("controller", "fatal") }, options, lead, stop.signal);
    };
    const first = run("first", cut);
    await clock.advance(0);
    const second = run("second", well);
    for (let ms = 0; ms < 25_000; ms += 500) await clock.advance(500);
    expect(together).toEqual([["first"], ["second"]]);
    stop.abort();
    await clock.advance(10_000);
    await Promise.all([first, second]);
  });

  test("is given back also by a holder whose work fails, which is told of", async () => {
    const clock = { ...makeFakeClock(), random: () => 0.5 };
    let lease: kubernetes.V1Lease | undefined;
    const cluster = {
      readLease: async () => lease ?? Promise.reject({ statusCode: 404 }),
      createLease: async (_namespace: string, body: kubernetes.V1Lease) => (lease = body),
      replaceLease: async (_namespace: string, _name: string, body: kubernetes.V1Lease) => (lease = body),
    };
    const options = { namespace: "a", name: "lease", identity: "first", lengthMs: 15_000, renewMs: 5_000 };
    const lead = () => Promise.reject(new Error("the work failed"));
    const log = makeLog("controller", "fatal");
    const run = leadInTurn({ cluster, clock, log }, options, lead, new AbortController().signal);
    await expect(run).rejects.toThrow("the work failed");
    expect(lease?.spec?.holderIdentity ?? "").toBe("");
  });
});

describe("the queue", () => {
  const makeQueue = (paceMs = 0) => {
    const clock = { ...makeFakeClock(), random: () => 0.5 };
    const queue = makeWorkQueue({ firstBackoffMs: 100, maxBackoffMs: 1_000, paceMs }, clock);
    return { clock, queue, stop: new AbortController() };
  };

  test("gives each key once, to one worker at a time, and again what came meanwhile", async () => {
    const { queue, stop } = makeQueue();
    for (const key of ["a", "a", "b"]) queue.add(key);
    expect([await queue.take(stop.signal), await queue.take(stop.signal)]).toEqual(["a", "b"]);
    queue.add("a");
    const next = queue.take(stop.signal);
    queue.done("b");
    queue.done("a");
    expect(await next).toBe("a");
    const none = queue.take(stop.signal);
    stop.abort();
    expect(await none).toBeUndefined();
  });

  test("waits longer with each failure of a key, up to a limit, and no less than the gateway asks for", async () => {
    const { clock, queue, stop } = makeQueue();
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      let tookMs = 0;
      const fromMs = clock.nowMs();
      queue.retry("a");
      const taken = queue.take(stop.signal).then(() => {
        tookMs = clock.nowMs() - fromMs;
      });
      await clock.advance(2_000);
      await taken;
      queue.done("a");
      waits.push(tookMs);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    queue.succeed("a");
    queue.retry("a", 30_000);
    const taken = queue.take(stop.signal);
    await clock.advance(29_999);
    expect(clock.timers()).toBe(1);
    await clock.advance(1);
    expect(await taken).toBe("a");
  });

  test("keeps its pace over all keys, and takes the earlier of two times of one", async () => {
    const { clock, queue, stop } = makeQueue(50);
    queue.add("late", 10_000);
    queue.add("late", 20);
    queue.add("now");
    const taken: [string | undefined, number][] = [];
    const startMs = clock.nowMs();
    const take = async () => {
      for (let n = 0; n < 2; n++) taken.push([await queue.take(stop.signal), clock.nowMs() - startMs]);
    };
    const done = take();
    await clock.advance(100);
    await done;
    expect(taken).toEqual([
      ["now", 0],
      ["late", 50],
    ]);
  });
});

describe("the file of a flow", () => {
  const secret = (values: Record<string, string>, isUsable = true): FoundSecret => ({
    ...{ uid: "u", version: "1", values },
    labels: isUsable ? { "switchyard.dev/secrets-for-flows": "true" } : {},
  });
  const fileOf = (
    spec: Record<string, unknown>,
    found: Record<string, FoundSecret> = {},
    envFrom: string | null = null,
  ) =>
    flowFileOf(
      { metadata: { name: "shop" }, spec },
      { envFrom, keySecret: "api-key", findSecret: async (name) => found[name] },
    );
  const withSecret = (secretFrom: unknown) => ({ source: { name: "s", auth: { secret: { secretFrom } } } });

  test("names a value of a Secret, which it does not hold, and is one that the gateway reads", async () => {
    const ref = { secretRef: { name: "stripe-1", key: "web.hook" } };
    const file = await fileOf(withSecret(ref), { "stripe-1": secret({ "web.hook": "whsec_x" }) });
    const [[name = "", value] = []] = Object.entries(file.secrets);
    expect([file.problems, value]).toEqual([[], "whsec_x"]);
    expect(name).toMatch(/^k8s_stripe_1_web_hook_[0-9a-f]{12}$/);
    expect(file.text).not.toContain("whsec_x");
    expect(parse(file.text).spec).toEqual(withSecret({ env: name }));
    expect(file.versions).toEqual(["stripe-1 u 1"]);
    const read = await readFlows(file.text);
    expect([read.problems, read.declared[0]]).toEqual([
      [],
      expect.objectContaining({ secrets: { secret: { env: name } } }),
    ]);
  });

  test("keeps two Secrets apart whose names differ in a sign alone", async () => {
    const headers = Object.fromEntries(
      ["a.b", "a-b"].map((name, n) => [`x-${n}`, { secretFrom: { secretRef: { name, key: "k" } } }]),
    );
    const found = { "a.b": secret({ k: "one" }), "a-b": secret({ k: "two" }) };
    const file = await fileOf({ destinations: [{ name: "d", headers }] }, found);
    expect(Object.values(file.secrets).toSorted()).toEqual(["one", "two"]);
  });

  test("reads an environment from the Secret that the flow names for it, and keeps what is there", async () => {
    const file = await fileOf(withSecret({ env: "A" }), { all: secret({ A: "a" }) }, "all");
    expect([Object.values(file.secrets), file.problems]).toEqual([["a"], []]);
    expect(parse((await fileOf(withSecret({ existing: true }))).text).spec).toEqual(withSecret({ existing: true }));
  });

  test.each([
    ["a Secret that is not for flows", { secretRef: { name: "x", key: "k" } }, "that flows may use"],
    ["the key's own Secret", { secretRef: { name: "api-key", key: "k" } }, "is for no flow"],
    ["a key that is not there", { secretRef: { name: "y", key: "none" } }, "has no value under the key none"],
    ["half a reference", { secretRef: { name: "y" } }, "Give name and key"],
    ["an environment", { env: "A" }, "A cluster has no environment"],
  ])("is refused with %s", async (_what, secretFrom, says) => {
    const file = await fileOf(withSecret(secretFrom), { x: secret({ k: "v" }, false), y: secret({ k: "v" }) });
    expect(file.secrets).toEqual({});
    expect(file.problems).toEqual([
      { path: expect.stringContaining("spec.source.auth.secret.secretFrom"), message: expect.stringContaining(says) },
    ]);
  });

  test("is refused with a number whose digits the cluster has lost", async () => {
    const filter = (n: number) => ({ destinations: [{ name: "d", filter: { body: { id: n } } }] });
    expect((await fileOf(filter(2 ** 53 - 1))).problems).toEqual([]);
    const { problems } = await fileOf(filter(2 ** 53));
    expect(problems).toMatchObject([{ path: "spec.destinations[0].filter.body.id" }]);
  });

  test("of a cluster is read elsewhere as well, but for its Secrets", async () => {
    const head =
      "apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata:\n  name: shop\n  namespace: a\n  labels: {b: c}\n";
    const text = (secretFrom: string) =>
      `${head}  annotations: {"switchyard.dev/env-from": all}\nspec:\n  source: {name: s, auth: {secret: {secretFrom: ${secretFrom}}}}\n`;
    expect((await readFlows(text("{env: A}"))).problems).toEqual([]);
    expect((await readFlows(text("{secretRef: {name: x, key: k}}"))).problems).toMatchObject([
      { line: 9, path: "spec.source.auth.secret.secretFrom.secretRef", message: expect.stringContaining("write env") },
    ]);
  });

  test("that declares nothing is one that the gateway reads", async () => {
    expect(await readFlows(emptyText("gone"))).toMatchObject({ flows: [{ name: "gone" }], declared: [], problems: [] });
  });
});

test("settings say each variable that is wrong", () => {
  expect(readSettings({ SWITCHYARD_URL: "https://hooks.example.com/v1/", WATCH_NAMESPACE: "" })).toMatchObject({
    ...{ gatewayUrl: "https://hooks.example.com", watchNamespace: null, ownNamespace: "switchyard", resyncMs: 300_000 },
  });
  expect(() => readSettings({ SWITCHYARD_URL: "hooks", RESYNC_SECONDS: "1" })).toThrow(
    /SWITCHYARD_URL is the address.*RESYNC_SECONDS/,
  );
});

describe("the definition", () => {
  const schema = flowSpecSchema(SECRET_FROM);

  test("is as the contracts are: else run `npm run crd`", () => {
    expect(readFileSync(join(MANIFESTS_DIR, "crd.yaml"), "utf8")).toBe(definitionText(schema));
  });

  test("knows every setting of a destination, and takes the file of the docs as it is", () => {
    const known = schema.properties?.destinations?.items?.properties ?? {};
    for (const name of Object.keys(DESTINATION_KINDS.HTTP.config.shape)) {
      if (name === "rate_limit_period") continue;
      const camel = name.replace(/_ms$/, "").replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      expect(known, name).toHaveProperty(camel === "deadLetterDestinationId" ? "deadLetter" : camel);
    }
    const problems: string[] = [];
    for (const page of ["flows", "kubernetes"]) {
      const guide = readFileSync(join(MANIFESTS_DIR, `../../../docs/guide/${page}.md`), "utf8");
      const { spec } = parse(/```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? "");
      expect(pruned(schema, spec, "spec", problems), page).toEqual(spec);
      expect([spec.destinations.length > 1, problems]).toEqual([true, []]);
    }
    pruned(schema, { destinations: [{ timeout: 5, rateLimit: "9/day", ordering: "lifo" }] }, "spec", problems);
    expect(problems.length).toBe(3);
  });
});

describe("the manifests", () => {
  type Typed = { getAttributeTypeMap(): { baseName: string; type: string }[] };
  const classOf = (name: string) => (kubernetes as unknown as Record<string, Partial<Typed> | undefined>)[name];

  /** Fields that the API has no name for, by the client's types. */
  function unknownFields(value: unknown, type: string, path: string): string[] {
    const list = /^Array<(.+)>$/.exec(type)?.[1];
    if (list) return (value as unknown[]).flatMap((each, n) => unknownFields(each, list, `${path}[${n}]`));
    const map = classOf(type)?.getAttributeTypeMap?.();
    if (type === "any") return [];
    if (!map) return typeof value === "object" && !type.startsWith("{") ? [`${path} (${type})`] : [];
    return Object.entries(value as object).flatMap(([name, each]) => {
      const field = map.find(({ baseName }) => baseName === name);
      return field ? unknownFields(each, field.type, `${path}.${name}`) : [`${path}.${name}`];
    });
  }

  test("have no field that Kubernetes does not know", () => {
    const all = [...readManifests("controller.yaml"), ...readManifests("namespace.yaml"), ...readManifests("crd.yaml")];
    expect(all.length).toBe(10);
    const types = { apiextensions: "V1CustomResourceDefinition" };
    for (const manifest of all) {
      if (manifest.kind === "CustomResourceDefinition") delete manifest.spec.versions[0].schema;
      const type = manifest.apiVersion.startsWith("apiextensions") ? types.apiextensions : `V1${manifest.kind}`;
      expect(classOf(type), type).toBeDefined();
      expect(unknownFields(manifest, type, manifest.kind)).toEqual([]);
    }
    expect(unknownFields({ spec: { replicaz: 1 } }, "V1Deployment", "D")).toEqual(["D.spec.replicaz"]);
  });

  test("give no right to write or list Secrets, and none to anything by a star", () => {
    const rules = [...readManifests("controller.yaml"), ...readManifests("namespace.yaml")].flatMap(
      ({ rules: of }) => of ?? [],
    );
    expect(rules.length).toBe(6);
    expect(rules.filter(({ resources }) => resources.includes("secrets")).map(({ verbs }) => verbs)).toEqual([["get"]]);
    expect(JSON.stringify(rules)).not.toContain("*");
  });
});
