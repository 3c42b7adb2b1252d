// Who looks at the dashboard or calls tRPC. docs/decisions/003-dashboard-without-login.md
import { createContext, type TrpcContext } from "../api/trpc.ts";
import type { Ctx } from "../auth/ctx.ts";
import { isVouchedLocal, lentApp } from "./lent-app.ts";

const LOCAL_TEAM = "tm_default";

/** The person at the machine, who may read the default team; undefined for everybody else. */
export function viewerCtx(headers: Headers): Ctx | undefined {
  if (!isVouchedLocal(headers)) return undefined;
  return {
    app: lentApp().app,
    teamId: LOCAL_TEAM,
    actor: { kind: "local_operator", id: "localhost" },
    scope: "read",
  };
}

/** Who calls tRPC: the owner of the API key that was sent, else the viewer. */
export function requestContext(headers: Headers): TrpcContext {
  const byKey = createContext(lentApp().app, headers);
  return { caller: async () => (await byKey.caller()) ?? viewerCtx(headers) };
}
