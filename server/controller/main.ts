// `npm run controller`: applies the DeliveryFlows of a Kubernetes cluster to a gateway, by its REST API alone.
import { KubeConfig } from "@kubernetes/client-node";
import { systemClock } from "#server/process/clock.ts";
import { makeLog } from "#server/process/log.ts";
import { serveHealth } from "./health.ts";
import { runController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";

const { env } = process;
const log = makeLog("controller", "info");
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stop.abort());

try {
  const settings = readSettings(env);
  const config = new KubeConfig();
  // In a cluster the account of the pod; elsewhere KUBECONFIG.
  config.loadFromDefault();
  const health = await serveHealth(settings.health);
  const clock = { ...systemClock, random: Math.random };
  log.info({ gateway: settings.gatewayUrl, namespace: settings.watchNamespace ?? "all" }, "Controller started");
  await runController({ config, settings, log, clock, onLead: health.leads }, stop.signal);
  await health.stop();
} catch (error) {
  log.fatal({ err: error }, "Controller stopped");
  process.exitCode = 1;
}
