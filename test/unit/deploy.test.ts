// What is shipped beside the code names things of the code: variables, files, flags, paths and measures. No engine and no cluster is asked.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { parseEnv, ROLES } from "#server/env.ts";
import {
  DRAIN_MS,
  LAST_RESULTS_MS,
  ROLE_STOP_MS,
  SUPERVISOR_PATIENCE_MS,
  TIDY_MS,
} from "#server/process/stop-times.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { ROLE_COMMANDS } from "#server/start/role-command.ts";

const read = (path: string) => readFileSync(join(PROJECT_ROOT, path), "utf8");
const KUBERNETES = "docs/deploy/kubernetes";

// biome-ignore lint/suspicious/noExplicitAny: a manifest is what its kind says
type Manifest = any;
const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(read(`${KUBERNETES}/${file}`)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
const kustomization = parse(read(`${KUBERNETES}/kustomization.yaml`));
const all: Manifest[] = kustomization.resources.flatMap(manifestsOf);

/** Variables that the code reads, by its own list in the README. */
const VARIABLES = new Set([...read("README.md").matchAll(/`([A-Z][A-Z_]{3,})`/g)].map(([, name]) => name));
VARIABLES.add("PORT");

describe("the cluster", () => {
  test("applies every file of its folder", () => {
    const files = readdirSync(join(PROJECT_ROOT, KUBERNETES)).filter(
      (file) => file.endsWith(".yaml") && file !== "kustomization.yaml",
    );
    expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
  });

  test.each(ROLES)("runs %s as the supervisor does", (role) => {
    const [deployment] = manifestsOf(`${role}.yaml`);
    const { nodeFlags, script } = ROLE_COMMANDS[role];
    const [container] = deployment.spec.template.spec.containers;
    expect(container.command).toEqual(["node", ...nodeFlags, script]);
    expect(deployment.spec.template.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
  });

  test("lets no container be root, write to its image or hold a right", () => {
    const pods = all.flatMap(({ spec }) => (spec?.template ? [spec.template.spec] : []));
    expect(pods).toHaveLength(4);
    for (const pod of pods) {
      expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
      expect(pod.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("leads each name of the ingress and of a scaler to what there is", () => {
    const names = (kind: string) => all.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);
    for (const ingress of all.filter(({ kind }) => kind === "Ingress")) {
      const services = ingress.spec.rules.flatMap(({ http }: Manifest) =>
        http.paths.map(({ backend }: Manifest) => backend.service.name),
      );
      expect(names("Service")).toEqual(expect.arrayContaining(services));
    }
    for (const { spec } of all.filter(({ kind }) => kind === "HorizontalPodAutoscaler")) {
      expect(names("Deployment")).toContain(spec.scaleTargetRef.name);
    }
  });

  test("sets variables that the code reads, to values that it takes", () => {
    const { data } = all.find(({ kind }) => kind === "ConfigMap");
    expect([...VARIABLES]).toEqual(expect.arrayContaining(Object.keys(data)));
    const secrets = { DATABASE_URL: "postgresql://u:p@db/switchyard", SWITCHYARD_SECRET: "x".repeat(44) };
    expect(parseEnv({ ...data, ...secrets })).toMatchObject({ host: "0.0.0.0", egressAllow: [] });
  });
});

describe("the container", () => {
  const compose = parse(read("compose.yaml"));

  test("is told of variables that the code reads", () => {
    const { environment } = compose.services.switchyard;
    expect([...VARIABLES]).toEqual(expect.arrayContaining(Object.keys(environment)));
    const render = parse(read("docs/deploy/render.yaml"));
    const keys = render.services[0].envVars.map(({ key }: { key: string }) => key);
    expect([...VARIABLES]).toEqual(expect.arrayContaining(keys));
    const coolify: string[] = parse(read("docs/deploy/coolify.yaml")).services.switchyard.environment;
    const names = coolify.map((line) => line.split("=")[0] ?? "").filter((name) => !name.startsWith("SERVICE_"));
    expect(names.length).toBeGreaterThan(4);
    expect([...VARIABLES]).toEqual(expect.arrayContaining(names));
  });

  test("starts a file that there is", () => {
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(read("Dockerfile"))?.[1] ?? "[]");
    expect(existsSync(join(PROJECT_ROOT, command.at(-1)))).toBe(true);
  });

  test("leaves out nothing that a role reads", () => {
    const left = read(".dockerignore").trim().split("\n");
    for (const needed of ["server", "worker", "app", "components", "prisma", "docs", "docs/guide", "package.json"])
      expect(left).not.toContain(needed);
  });
});

test("whoever stops the product waits for longer than its supervisor, and that for longer than its roles", () => {
  expect(DRAIN_MS + LAST_RESULTS_MS + TIDY_MS).toBeLessThanOrEqual(ROLE_STOP_MS);
  // A busy machine turns timers late.
  expect(ROLE_STOP_MS + 500).toBeLessThanOrEqual(SUPERVISOR_PATIENCE_MS);
  const pods = [
    ...all,
    ...parseAllDocuments(read("server/controller/manifests/controller.yaml")).map((it) => it.toJS()),
  ]
    .filter(({ kind }: Manifest) => kind === "Deployment")
    .map(({ spec }: Manifest) => spec.template.spec);
  expect(pods).toHaveLength(4);
  const given = [
    ...pods.map(({ terminationGracePeriodSeconds, containers: [{ lifecycle }] }: Manifest) => {
      return terminationGracePeriodSeconds - (lifecycle?.preStop.sleep.seconds ?? 0);
    }),
    ...["compose.yaml", "docs/deploy/coolify.yaml"].map((path) =>
      Number.parseInt(parse(read(path)).services.switchyard.stop_grace_period, 10),
    ),
    parse(read("docs/deploy/render.yaml")).services[0].maxShutdownDelaySeconds,
    JSON.parse(read("docs/deploy/railway.json")).deploy.drainingSeconds,
  ];
  // The embedded Postgres writes out what it holds after the roles.
  for (const seconds of given) expect(seconds * 1_000).toBeGreaterThanOrEqual(2 * SUPERVISOR_PATIENCE_MS);
});

test("each alarm has its remedy in the guide, and the guide knows no other", () => {
  const guide = read("docs/guide/operating.md");
  const [, section = ""] = /^### Alarms\n(.*?)^##/ms.exec(guide) ?? [];
  const rows = [...section.matchAll(/^\| `(Switchyard\w+)` +\| (.+?) +\| `(.+?)` +\| (.+?) +\|$/gm)];
  const alarms: Manifest[] = parse(read("docs/deploy/prometheus/alerts.yaml")).groups.flatMap(
    ({ rules }: Manifest) => rules,
  );
  expect(alarms.length).toBeGreaterThan(10);
  expect(rows.map(([, name]) => name)).toEqual(alarms.map(({ alert }) => alert));
  expect(rows.map(([, , , query]) => query)).toEqual(alarms.map(({ expr }) => expr));
});
