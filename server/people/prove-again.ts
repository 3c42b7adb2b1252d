// Whoever sits at an open page is not yet the person: what changes how they get in asks for the password again.
import { APIError, getSessionFromCtx } from "better-auth/api";
import type { setSessionCookie } from "better-auth/cookies";
import type { App } from "#server/auth/ctx.ts";

export type Ctx = Parameters<typeof setSessionCookie>[0];

/** A person without a password has logged in as recently as this. */
const FRESH_MS = 10 * 60_000;

export interface Proven {
  userId: string;
  email: string;
  sessionId: string;
}

/** @throws APIError where nobody is signed in, the password is wrong, or a log-in without one is too old */
export async function proveAgain(app: Pick<App, "now">, ctx: Ctx, password: string | undefined): Promise<Proven> {
  const there = await getSessionFromCtx(ctx, { disableRefresh: true });
  if (!there) throw new APIError("UNAUTHORIZED", { code: "SIGNED_OUT", message: "Sign in first." });
  const { user, session } = there;
  const accounts = await ctx.context.internalAdapter.findAccounts(user.id);
  const hash = accounts.find(({ providerId }) => providerId === "credential")?.password;
  if (hash) {
    const isRight = await ctx.context.password.verify({ hash, password: password ?? "" });
    if (!isRight)
      throw new APIError("BAD_REQUEST", { code: "INVALID_PASSWORD", message: "This is not your password." });
  } else if (app.now().getTime() - session.createdAt.getTime() > FRESH_MS) {
    const message = "You signed in a while ago: sign out and in again, then do this within ten minutes.";
    throw new APIError("FORBIDDEN", { code: "NOT_FRESH", message });
  }
  return { userId: user.id, email: user.email, sessionId: session.id };
}
