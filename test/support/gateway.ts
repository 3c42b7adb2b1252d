// A gateway on a loopback port in this process: the one that the gateway role runs.
import type { RoleEnv } from "#server/env.ts";
import { parseEnv } from "#server/env.ts";
import { type GatewayOptions, makeGatewayApp } from "#server/gateway/app.ts";
import type { Log } from "#server/process/log.ts";
import { reservePort } from "./reserved-port.ts";

export const TEST_SECRET = "a secret of at least thirty-two characters";
export const PUBLIC_GATEWAY_URL = "http://gateway.test";

interface TestGatewayOptions extends GatewayOptions {
  databaseUrl: string;
  /** As EGRESS_ALLOW has it. */
  egressAllow: string;
  log: Log;
  /** As SMTP_URL has it. */
  smtpUrl?: string | undefined;
  /** As PUBLIC_GATEWAY_URL has it; `own` is the address that it listens at. */
  publicGatewayUrl?: string;
  /** As DATABASE_DISK has it. */
  databaseDisk?: string | undefined;
  /** As OTEL_EXPORTER_OTLP_ENDPOINT has it. */
  tracesTo?: string | undefined;
}

/** Its database is migrated and has no other gateway. */
export async function startGateway({ databaseUrl, egressAllow, log, ...rest }: TestGatewayOptions) {
  const { publicGatewayUrl = PUBLIC_GATEWAY_URL, smtpUrl, tracesTo, databaseDisk, ...options } = rest;
  const { port, give } = await reservePort();
  const url = `http://127.0.0.1:${port}`;
  const env: RoleEnv = {
    ...parseEnv({
      DATABASE_URL: databaseUrl,
      SWITCHYARD_SECRET: TEST_SECRET,
      EGRESS_ALLOW: egressAllow,
      GATEWAY_PORT: String(port),
      PUBLIC_GATEWAY_URL: publicGatewayUrl === "own" ? url : publicGatewayUrl,
      LOG_LEVEL: "warn",
      ...(databaseDisk && { DATABASE_DISK: databaseDisk }),
      ...(tracesTo && { OTEL_EXPORTER_OTLP_ENDPOINT: tracesTo }),
      ...(smtpUrl && { SMTP_URL: smtpUrl, SMTP_FROM: "Switchyard <alerts@switchyard.example>" }),
    }),
    databaseUrl,
    secret: TEST_SECRET,
  };
  const gateway = await makeGatewayApp(env, log, options);
  const config = await gateway.opened;
  if (!config) throw new Error("The gateway was closed before it was open.");
  await give(gateway.server);
  return {
    env,
    app: gateway.app,
    config,
    url,
    async [Symbol.asyncDispose]() {
      gateway.server.closeAllConnections();
      await gateway.stop();
    },
  };
}
