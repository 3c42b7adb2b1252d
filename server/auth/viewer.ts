// Who looks at the dashboard without an API key. docs/decisions/003-dashboard-without-login.md
import type { App, Ctx } from "./ctx.ts";
import { isVouchedLocal, lentApp } from "./lent-app.ts";
import { ROLES } from "./roles.ts";

const LOCAL_TEAM = "tm_default";

/** The person at the machine, who may read the default team. */
export const localOperator = (app: App): Ctx => ({
  app,
  teamId: LOCAL_TEAM,
  actor: { kind: "local_operator", id: "localhost" },
  can: ROLES.viewer,
});

/** Whose page view this is; undefined for everybody but the person at the machine. */
export const viewerCtx = (headers: Headers): Ctx | undefined =>
  isVouchedLocal(headers) ? localOperator(lentApp().app) : undefined;
