// The dashboard's server in this process, in front of a gateway of the test's choosing. Pages are one line of text.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { makeApp } from "#server/auth/app.ts";
import type { App } from "#server/auth/ctx.ts";
import { parseEnv, type RoleEnv } from "#server/env.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { makeLog } from "#server/process/log.ts";
import { makeWebApp } from "#server/web/app.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NO_DATABASE = "postgresql://nobody@127.0.0.1:1/nothing";

interface FrontOptions {
  /** Whose data tRPC serves; without it there is no database. */
  app?: App;
  live?: LiveHub;
  /** Gets what the server lets through to a page. */
  onPage?: (req: IncomingMessage) => void;
  logged?: string[];
  /** The company's own log-in. */
  loginProvider?: RoleEnv["loginProvider"];
  /** As SWITCHYARD_SECRET has it. */
  secret?: string;
}

export async function startFront(
  gatewayUrl: string,
  { app, live, onPage, logged = [], loginProvider, secret = SECRET }: FrontOptions = {},
) {
  const stack = new AsyncDisposableStack();
  const { port } = new URL(gatewayUrl);
  const settings = { DATABASE_URL: NO_DATABASE, SWITCHYARD_SECRET: secret, GATEWAY_PORT: port };
  const env: RoleEnv = { ...parseEnv(settings), databaseUrl: NO_DATABASE, secret, loginProvider };
  const { server, close } = makeWebApp(env, {
    app: app ?? stack.adopt(makeApp(env, 1), ({ dispose }) => dispose()).app,
    log: makeLog("test", "info", { write: (text: string) => logged.push(text) }),
    isDev: false,
    page: async (req, res) => {
      onPage?.(req);
      res.end("a page");
    },
    ...(live && { live }),
  });
  stack.defer(close);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
