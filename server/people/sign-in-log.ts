// Log-ins, log-outs and failed log-ins, in the audit logs of the teams of that person.
import { createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import type { App } from "#server/auth/ctx.ts";
import { recordOfPerson } from "./account-audit.ts";
import { noteOnce, tryKey } from "./tries.ts";

type PeopleApp = Pick<App, "db" | "now">;

/** The routes that let somebody in, and by what. */
const WAYS: Record<string, string> = {
  "/sign-in/email": "password",
  "/two-factor/verify-totp": "authenticator",
  "/two-factor/verify-backup-code": "recovery code",
  "/passkey/sign-in": "passkey",
  "/oidc/sign-in": "log-in provider",
  "/first-run": "link of the first start",
  "/accept-invitation": "invitation",
  "/new-password": "link for a new password",
};

/** Somebody who guesses fails five times a minute; the log says it once. */
const FAILED_EVERY_MS = 60_000;

/** Stands behind the plug-ins that take a session back. */
export const signInLog = (app: PeopleApp) => ({
  id: "switchyard-sign-in-log",
  hooks: {
    before: [
      {
        matcher: ({ path }: { path?: string | undefined }) => path === "/sign-out",
        handler: createAuthMiddleware(async (ctx) => {
          const there = await getSessionFromCtx(ctx, { disableRefresh: true });
          if (there)
            await recordOfPerson(app, there.user.id, { action: "sign_out", of: ["session", there.session.id] });
        }),
      },
    ],
    after: [
      {
        matcher: ({ path = "" }: { path?: string | undefined }) => Object.hasOwn(WAYS, path),
        handler: createAuthMiddleware(async (ctx) => {
          const made = ctx.context.newSession;
          const isHalf = ctx.path === "/sign-in/email" && made?.user.twoFactorEnabled === true;
          // Setting up an authenticator changes the session of somebody who is in already.
          if (!made || isHalf || ctx.context.session) return;
          const { id, ipAddress: address = null, userAgent: device = null } = made.session;
          const after = { by: WAYS[ctx.path], address, device };
          await recordOfPerson(app, made.user.id, { action: "sign_in", of: ["session", id], after });
        }),
      },
    ],
  },
});

/** To be called after the answer was sent: whether an address is known must not show in how long that takes. */
export async function noteFailedSignIn(app: PeopleApp, email: string, address: string): Promise<void> {
  const person = await app.db.user.findUnique({ where: { email }, select: { id: true } });
  if (!person || !(await noteOnce(app, tryKey("failed", person.id), FAILED_EVERY_MS))) return;
  const actor = { kind: "system", id: "log-in" } as const;
  await recordOfPerson(app, person.id, { action: "sign_in_failed", actor, after: { address } });
}
