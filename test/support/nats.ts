// Real NATS servers with JetStream on loopback, where nats-server is installed: NATS_SERVER_BIN names it, or it is on the PATH.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { childEnv } from "#server/env.ts";
import { takePort } from "./free-port.ts";

const START_PATIENCE_MS = 30_000;
const LOGIN = { user: "switchyard", pass: "nats-canary-password" };

/** Undefined where none is installed. */
export function findNatsServer(): string | undefined {
  const { NATS_SERVER_BIN, PATH = "" } = childEnv({});
  const places = NATS_SERVER_BIN ? [NATS_SERVER_BIN] : PATH.split(delimiter).map((dir) => join(dir, "nats-server"));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Node {
  url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A cluster, and the URL of a spool in it with as many replicas. Everything ends when it is disposed. */
export async function startNats(binary: string, count: number) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-nats-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const ports = await Promise.all(Array.from({ length: count }, async () => [await takePort(), await takePort()]));
  const routes = ports.map(([, route]) => `nats://127.0.0.1:${route}`).join(",");
  const nodes = ports.map(([port = 0, route = 0], i) => {
    const flags = [
      "-a",
      "127.0.0.1",
      "-p",
      String(port),
      "-n",
      `node-${i}`,
      "-js",
      "-sd",
      join(directory, `node-${i}`),
    ];
    const login = ["--user", LOGIN.user, "--pass", LOGIN.pass];
    const cluster = ["--cluster_name", "spool", "--cluster", `nats://127.0.0.1:${route}`, "--routes", routes];
    return makeNode(binary, `127.0.0.1:${port}`, [...flags, ...login, ...(count > 1 ? cluster : [])]);
  });
  stack.defer(() => Promise.all(nodes.map((node) => node.kill())).then(() => {}));
  await Promise.all(nodes.map((node) => node.start()));
  await untilReady(nodes.map(({ url }) => url));
  const disposal = stack.move();
  return {
    nodes,
    url: `nats://${LOGIN.user}:${LOGIN.pass}@${nodes.map(({ url }) => url).join(",")}/spool?replicas=${count}&max_mb=16`,
    password: LOGIN.pass,
    login: { servers: nodes.map(({ url }) => url), ...LOGIN },
    /** Everything that the servers have written. */
    async files(): Promise<Buffer> {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Buffer.concat(await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))));
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

function makeNode(binary: string, url: string, flags: string[]): Node {
  let server: ChildProcess | undefined;
  return {
    url,
    async kill() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, "exit");
      server.kill("SIGKILL");
      await gone;
    },
    async start() {
      server = spawn(binary, flags, { stdio: "ignore" });
      await once(server, "spawn");
    },
  };
}

/** Until the cluster has a leader that makes streams. */
async function untilReady(servers: string[]): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      const connection = await connect({ servers, ...LOGIN, timeout: 1_000 });
      const manager = await jetstreamManager(connection, { timeout: 1_000 }).finally(() => connection.close());
      if (manager) return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}
