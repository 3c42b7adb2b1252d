// A cluster with flows, a gateway with real routing and delivery, and controllers between the two.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  EventsV1Api,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import {
  type DeliveryFlow,
  type FlowStatus,
  GROUP,
  PLURAL,
  USABLE_LABEL,
  VERSION,
} from "#server/controller/delivery-flow.ts";
import { runController } from "#server/controller/run-controller.ts";
import { systemClock } from "#server/process/clock.ts";
import { makeLog } from "#server/process/log.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { startCluster } from "./kubernetes-api.ts";
import { createWorld, eventually } from "./world.ts";

export const KEY_SECRET = "switchyard-api-key";
const OF = { group: GROUP, version: VERSION, plural: PLURAL };
const MERGING = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
/** As fast as a test wants it. */
const PACES = { leaseMs: 900, renewMs: 200, firstBackoffMs: 40, maxBackoffMs: 300, paceMs: 1 };

interface ControllerStart {
  resyncMs?: number;
  gatewayUrl?: string;
}

export interface RunningController {
  isLeading(): boolean;
  /** Lets it end as by SIGTERM. */
  stop(): Promise<void>;
}

export type ControllerWorld = Awaited<ReturnType<typeof createControllerWorld>>;

export async function createControllerWorld() {
  const stack = new AsyncDisposableStack();
  const world = stack.use(await createWorld());
  const cluster = stack.use(await startCluster());
  const { namespace } = cluster;
  const [objects, core] = [cluster.admin.makeApiClient(CustomObjectsApi), cluster.admin.makeApiClient(CoreV1Api)];
  const [events, leases] = [cluster.admin.makeApiClient(EventsV1Api), cluster.admin.makeApiClient(CoordinationV1Api)];
  const key = newApiKey();
  const row = { key, name: "controller", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });

  const makeSecret = (name: string, values: Record<string, string>, labels = {}, within = namespace) =>
    core.createNamespacedSecret({
      namespace: within,
      body: {
        metadata: { name, namespace: within, labels },
        data: Object.fromEntries(
          Object.entries(values).map(([each, value]) => [each, Buffer.from(value).toString("base64")]),
        ),
      },
    });
  await makeSecret(KEY_SECRET, { "api-key": key });

  const of = (name: string, within = namespace) => ({ ...OF, namespace: within, name });
  const get = (name: string, within?: string): Promise<DeliveryFlow> =>
    objects.getNamespacedCustomObject(of(name, within));
  const started = new Set<RunningController>();
  stack.defer(async () => {
    for (const each of started) await each.stop();
  });

  return {
    ...world,
    cluster,
    key,
    makeSecret,
    /** A Secret that flows may use. */
    share: (name: string, values: Record<string, string>) => makeSecret(name, values, { [USABLE_LABEL]: "true" }),
    dropSecret: (name: string) => core.deleteNamespacedSecret({ namespace, name }),
    get,
    make: (name: string, spec: object, annotations: Record<string, string> = {}, within = namespace) =>
      objects.createNamespacedCustomObject({
        ...OF,
        namespace: within,
        body: { apiVersion: `${GROUP}/${VERSION}`, kind: "DeliveryFlow", metadata: { name, annotations }, spec },
      }),
    patch: (name: string, body: object): Promise<DeliveryFlow> =>
      objects.patchNamespacedCustomObject({ ...of(name), body }, MERGING),
    remove: (name: string, within?: string) => objects.deleteNamespacedCustomObject(of(name, within)),
    /** Takes every flow away, whatever waits for its end: the next controller would look at all of them. */
    async clear() {
      const { items } = (await objects.listClusterCustomObject(OF)) as { items: DeliveryFlow[] };
      for (const { metadata } of items) {
        const each = of(metadata?.name ?? "", metadata?.namespace);
        await objects.patchNamespacedCustomObject({ ...each, body: { metadata: { finalizers: [] } } }, MERGING);
        if (!metadata?.deletionTimestamp) await objects.deleteNamespacedCustomObject(each);
      }
    },
    isThere: (name: string, within?: string) =>
      get(name, within).then(
        () => true,
        () => false,
      ),
    /** The status once a condition has such a status and reason for the newest generation of the flow. */
    settled: async (
      name: string,
      type: "Ready" | "Drifted",
      fits: { status?: string; reason?: string },
      within?: string,
    ) => {
      const found = await eventually(
        () => get(name, within),
        ({ metadata, status }) => {
          const condition = status?.conditions?.find((each) => each.type === type);
          const isRight = Object.entries(fits).every(([field, value]) => condition?.[field as "reason"] === value);
          return condition !== undefined && isRight && condition.observedGeneration === metadata?.generation;
        },
      );
      return found.status as FlowStatus;
    },
    /** The Events of a flow, in the order of their times. */
    told: async (name: string) => {
      const { items } = await events.listNamespacedEvent({ namespace });
      return items
        .filter(({ regarding }) => regarding?.name === name)
        .toSorted((a, b) => Number(new Date(a.eventTime)) - Number(new Date(b.eventTime)))
        .map(({ reason, note, type }) => ({ reason, note, type }));
    },
    holder: async () =>
      (await leases.readNamespacedLease({ namespace: "switchyard", name: "switchyard-controller" })).spec
        ?.holderIdentity,
    /** A call of the gateway by somebody with the controller's key. */
    async api(method: string, path: string, body?: object) {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const answer = await fetch(`${world.doorUrl}/v1/${path}`, init);
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return JSON.parse(text);
    },
    idOf: async (table: "source" | "destination" | "connection", name: string) => {
      const [found] = await world.all<{ id: string; key?: string }>(`select * from ${table} where name = $1`, [name]);
      return found;
    },
    /** In this process. */
    start({ resyncMs = 60_000, gatewayUrl = world.doorUrl }: ControllerStart = {}): RunningController {
      const stop = new AbortController();
      let isLeading = false;
      const running = runController(
        {
          config: cluster.controller,
          settings: {
            ...{ gatewayUrl, keySecret: KEY_SECRET, watchNamespace: null },
            ...{ ownNamespace: "switchyard", hostname: `test-${started.size}`, resyncMs },
          },
          log: makeLog("controller", "silent"),
          clock: { ...systemClock, random: Math.random },
          paces: PACES,
          onLead: (is) => {
            isLeading = is;
          },
        },
        stop.signal,
      );
      const controller: RunningController = {
        isLeading: () => isLeading,
        async stop() {
          stop.abort();
          await running;
          started.delete(controller);
        },
      };
      started.add(controller);
      return controller;
    },
    /** In a process of its own, as `npm run controller` starts it. */
    async spawn(): Promise<ChildProcess> {
      const home = await mkdtemp(join(tmpdir(), "switchyard-controller-"));
      stack.defer(() => rm(home, { recursive: true, force: true }));
      const kubeconfig = join(home, "config");
      await writeFile(kubeconfig, cluster.controller.exportConfig());
      const child = spawn(process.execPath, [join(PROJECT_ROOT, "server/controller/main.ts")], {
        cwd: PROJECT_ROOT,
        env: { NODE_ENV: "production", KUBECONFIG: kubeconfig, SWITCHYARD_URL: world.doorUrl, HEALTH_PORT: "0" },
        stdio: ["ignore", "ignore", "inherit"],
      });
      stack.defer(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGKILL");
        await once(child, "exit");
      });
      return child;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
