// Who looks at the dashboard or calls tRPC. docs/decisions/003-dashboard-without-login.md
import { authenticate } from "../auth/authenticate.ts";
import type { Ctx } from "../auth/ctx.ts";
import { AppError } from "../errors.ts";
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

/** Who calls tRPC: the owner of the API key that was sent, else the viewer. Throws UNAUTHORIZED for everybody else. */
export async function callerCtx(headers: Headers): Promise<Ctx> {
  const authorization = headers.get("authorization") ?? undefined;
  if (authorization !== undefined) {
    return authenticate(lentApp().app, { authorization, teamId: headers.get("x-team-id") ?? undefined });
  }
  const ctx = viewerCtx(headers);
  if (!ctx) throw new AppError("UNAUTHORIZED", "Send the header Authorization: Bearer sy_… with an API key.");
  return ctx;
}
