// The dashboard's own process, as the supervisor runs it, in front of a gateway of the test's choosing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnv } from "#server/env.ts";
import { isReadyMessage } from "#server/process/role.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";

/** A port of which nobody answers, for a dashboard whose gateway plays no part. */
export const NO_GATEWAY = 1;

export interface WebRole {
  url: string;
  /** As the machine does when it is out of memory; resolves when the process is gone. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Needs a built dashboard, which the project "e2e" makes before its files. Rejects with what the process printed when it ends before it is ready. */
export async function startWebRole(
  databaseUrl: string,
  gatewayPort: number,
  env: Record<string, string> = {},
): Promise<WebRole> {
  const child = spawn(process.execPath, [join("server", "web", "main.ts")], {
    cwd: PROJECT_ROOT,
    env: childEnv({
      DATABASE_URL: databaseUrl,
      SWITCHYARD_SECRET: "0123456789abcdef0123456789abcdef",
      PORT: "0",
      GATEWAY_PORT: String(gatewayPort),
      HOST: undefined,
      PUBLIC_GATEWAY_URL: undefined,
      NODE_ENV: undefined,
      LOG_LEVEL: "warn",
      ...env,
    }),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: unknown) => (output += String(chunk)));
  const ended = once(child, "exit");
  const failed = ended.then(() => Promise.reject(new Error(`The web role ended before it was ready:\n${output}`)));
  const [message] = (await Promise.race([once(child, "message"), failed])) as unknown[];
  failed.catch(() => {});
  if (!isReadyMessage(message) || message.url === undefined)
    throw new Error(`Unexpected message: ${JSON.stringify(message)}`);
  return {
    url: message.url,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
