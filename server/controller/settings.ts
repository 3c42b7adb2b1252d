// The settings of a controller, from the environment of its process.
import { z } from "zod";

const Name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "is a name as Kubernetes has them");
const Seconds = z.coerce.number().int().min(5).max(86_400);

const Variables = z.object({
  SWITCHYARD_URL: z.url({
    protocol: /^https?$/,
    error: "is the address of the gateway, such as https://hooks.example.com",
  }),
  SWITCHYARD_KEY_SECRET: Name.default("switchyard-api-key"),
  WATCH_NAMESPACE: Name.optional(),
  POD_NAMESPACE: Name.default("switchyard"),
  HOSTNAME: z.string().min(1).default("switchyard-controller"),
  RESYNC_SECONDS: Seconds.default(300),
  HEALTH_HOST: z.string().min(1).default("127.0.0.1"),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(8_081),
});

export interface Settings {
  gatewayUrl: string;
  /** The name of the Secret of each namespace that holds its API key. */
  keySecret: string;
  /** The one whose flows are followed; all of them where it is null. */
  watchNamespace: string | null;
  /** The controller's own, in which its Lease is. */
  ownNamespace: string;
  hostname: string;
  /** Between two looks at a flow that nobody changes: how long drift stays unseen. */
  resyncMs: number;
  health: { host: string; port: number };
}

/** @throws Error with every variable that is wrong */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = Variables.safeParse(given);
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new Error(`The environment is not as the controller needs it: ${wrong.join("; ")}.`);
  }
  const of = read.data;
  return {
    gatewayUrl: of.SWITCHYARD_URL.replace(/\/+$/, "").replace(/\/v1$/, ""),
    keySecret: of.SWITCHYARD_KEY_SECRET,
    watchNamespace: of.WATCH_NAMESPACE ?? null,
    ownNamespace: of.POD_NAMESPACE,
    hostname: of.HOSTNAME,
    resyncMs: of.RESYNC_SECONDS * 1_000,
    health: { host: of.HEALTH_HOST, port: of.HEALTH_PORT },
  };
}
